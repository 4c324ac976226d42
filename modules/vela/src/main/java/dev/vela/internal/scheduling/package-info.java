/** Time and threads as arguments: the clock, the timers and the control thread of everything that is supervised. */
@NullMarked
package dev.vela.internal.scheduling;

import org.jspecify.annotations.NullMarked;
