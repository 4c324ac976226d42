/** Checks of arguments, and the text of values in errors. */
@NullMarked
package dev.vela.internal.checks;

import org.jspecify.annotations.NullMarked;
