/** Tests of what is about to be published. */
@NullMarked
package dev.vela.release;

import org.jspecify.annotations.NullMarked;
