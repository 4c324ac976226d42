/** Benchmarks: whole processes, Vela beside the official client. */
@NullMarked
package dev.vela.bench;

import org.jspecify.annotations.NullMarked;
