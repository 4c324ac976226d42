/** Checks of arguments, and values as errors show them. */
@NullMarked
package dev.vela.internal.checks;

import org.jspecify.annotations.NullMarked;
