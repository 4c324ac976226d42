/** Supervision as in OTP: one-for-one restart, restart intensity, ordered start and stop. Knows nothing of Pulsar. */
@NullMarked
package dev.vela.internal.supervision;

import org.jspecify.annotations.NullMarked;
