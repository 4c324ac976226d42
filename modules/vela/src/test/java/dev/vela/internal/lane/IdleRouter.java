package dev.vela.internal.lane;

import org.jspecify.annotations.Nullable;

/** A router of a queue in which messages stay: none is offered to a lane, and none fails. */
public class IdleRouter implements QueueRouter {
    @Override
    public boolean isOpen() {
        return false;
    }

    @Override
    public OfferResult offer(Send send) {
        throw new AssertionError("the queue is not open");
    }

    @Override
    public void drained() {}

    @Override
    public @Nullable Throwable refusal(Send send) {
        return null;
    }

    @Override
    public Throwable expired(Send send) {
        return new IllegalStateException("expired in the queue");
    }

    @Override
    public void failed(Send send, Throwable cause) {
        throw new AssertionError(cause);
    }
}
