/** Routing of messages: key hashes and the choice of partition and lane. Imports no Pulsar type. */
@NullMarked
package dev.vela.internal.routing;

import org.jspecify.annotations.NullMarked;
