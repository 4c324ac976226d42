package dev.vela.internal.handle;

import dev.vela.HandleState;
import dev.vela.NoProducersAvailableException;
import java.util.List;
import org.apache.pulsar.client.api.PulsarClientException;
import org.jspecify.annotations.Nullable;

/** Tells whether a handle has producers to send through, and how the messages and calls fail that find none. */
interface Availability {
    String name();

    HandleState state();

    /** The handle's lifecycle, as its parent sees it. */
    Lifecycle lifecycle();

    /** The last cause of each producer that is not ready. */
    List<Throwable> causes();

    /** Whether the first attempt to create each producer has been answered. */
    boolean isAnswered();

    /** The failure of a message or a call that finds the handle in the described state. */
    NoProducersAvailableException unavailable(String how);

    /** The failure of a message or a call that comes after the handle was stopped. */
    default NoProducersAvailableException stopped() {
        return new NoProducersAvailableException(
                name() + " takes no messages",
                List.of(new PulsarClientException.AlreadyClosedException(name() + " was stopped")));
    }

    /** The reason why waiting until the handle is ready is pointless, or null. */
    default @Nullable NoProducersAvailableException hopeless() {
        return switch (state()) {
            case DOWN, FAILED -> unavailable("is " + state());
            case STOPPING, STOPPED -> stopped();
            case STARTING, READY, DEGRADED, RESTARTING -> null;
        };
    }
}
