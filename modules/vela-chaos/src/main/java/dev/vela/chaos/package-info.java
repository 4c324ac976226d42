/** Injects faults into a real Pulsar under load, and judges the fate of every message. */
@NullMarked
package dev.vela.chaos;

import org.jspecify.annotations.NullMarked;
