/** Metrics of supervised producers, in a registry of Micrometer. */
@NullMarked
package dev.vela.micrometer;

import org.jspecify.annotations.NullMarked;
