package dev.vela.internal.lane;

import org.jspecify.annotations.Nullable;

/** Decides what happens to waiting messages. Called on the control thread, unless noted otherwise. */
public interface QueueRouter {
    /** Whether draining makes sense; while it does not, all messages wait. A change schedules a drain. */
    default boolean isOpen() {
        return true;
    }

    /** Offers a waiting message, in its turn. */
    OfferResult offer(Send send);

    /** Called after messages were taken: they have waited long enough, and are sent now. */
    void drained();

    /** The reason why waiting is pointless, or null. On any thread. */
    @Nullable
    Throwable refusal(Send send);

    /** The failure of a message that timed out in the queue. */
    Throwable expired(Send send);

    /** Completes a message with a failure; it has been released. On any thread. */
    void failed(Send send, Throwable cause);
}
