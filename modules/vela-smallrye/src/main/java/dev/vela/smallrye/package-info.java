/** Supervised producers for the outgoing channels of SmallRye Reactive Messaging. */
@NullMarked
package dev.vela.smallrye;

import org.jspecify.annotations.NullMarked;
