/** Supervised, self-healing producer groups for Apache Pulsar: all that a user calls. */
@NullMarked
package dev.vela;

import org.jspecify.annotations.NullMarked;
