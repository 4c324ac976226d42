/** Supervised, self-healing producer groups for Apache Pulsar: the public API. */
@NullMarked
package dev.vela;

import org.jspecify.annotations.NullMarked;
