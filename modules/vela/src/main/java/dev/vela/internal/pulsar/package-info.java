/** The only package that names the official client's implementation: messages, producers, receipts, failures. */
@NullMarked
package dev.vela.internal.pulsar;

import org.jspecify.annotations.NullMarked;
