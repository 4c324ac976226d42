/** The handles that users hold: accept messages, route them, wait, stop. */
@NullMarked
package dev.vela.internal.handle;

import org.jspecify.annotations.NullMarked;
