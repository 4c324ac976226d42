/** What all handles of a runtime share, and what a builder said of one. */
@NullMarked
package dev.vela.internal.runtime;

import org.jspecify.annotations.NullMarked;
