/** Faults on a real Pulsar under load, and the verdict on what became of every message. */
@NullMarked
package dev.vela.chaos;

import org.jspecify.annotations.NullMarked;
