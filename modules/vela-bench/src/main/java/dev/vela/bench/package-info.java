/** Benchmarks of whole processes, Vela against the official client. */
@NullMarked
package dev.vela.bench;

import org.jspecify.annotations.NullMarked;
