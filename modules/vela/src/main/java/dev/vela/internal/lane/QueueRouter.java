package dev.vela.internal.lane;

import org.jspecify.annotations.Nullable;

/** Decides what becomes of waiting messages. Called on the control thread, unless said otherwise. */
public interface QueueRouter {
    /** Whether draining makes sense; while it does not, all wait. A change of that schedules a drain. */
    default boolean isOpen() {
        return true;
    }

    /** Offers a message that waits, in its turn. */
    OfferResult offer(Send send);

    /** Some were taken, and have waited long enough: they are sent now. */
    void drained();

    /** Why waiting is in vain, or null while it is not. On any thread. */
    @Nullable
    Throwable refusal(Send send);

    /** The failure of a message whose time ran out here. */
    Throwable expired(Send send);

    /** Completes a message with a failure; it has been released. On any thread. */
    void failed(Send send, Throwable cause);
}
