package dev.vela.internal.lane;

import org.apache.pulsar.client.api.MessageId;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one message: its receipt or a failure, on its way to the application. Of several answers to a message the first
 * one counts.
 */
final class Answer extends Completions.Delivery {
    private final Send send;
    private final @Nullable MessageId receipt;
    private final @Nullable Throwable failure;
    private final LaneCounters counters;
    private final boolean isLast;

    private Answer(
            Send send,
            @Nullable MessageId receipt,
            @Nullable Throwable failure,
            LaneCounters counters,
            boolean isLast) {
        this.send = send;
        this.receipt = receipt;
        this.failure = failure;
        this.counters = counters;
        this.isLast = isLast;
    }

    /** Creates the last answer to a message, which holds no room any more: a receipt or a failure. */
    static Answer last(Send send, @Nullable MessageId receipt, @Nullable Throwable failure, LaneCounters counters) {
        return new Answer(send, receipt, failure, counters, true);
    }

    /** Creates the answer to a message whose time is over: it keeps its room, since the client still holds it. */
    static Answer expired(Send send, Throwable failure, LaneCounters counters) {
        return new Answer(send, null, failure, counters, false);
    }

    /** Gives it: here if a thread waits for the message and nothing else of the application's does, or in its turn. */
    void give(Completions completions) {
        if (send.isWaitedFor()) {
            deliver();
        } else {
            completions.deliver(this);
        }
        send.answerQueued();
    }

    @Override
    void deliver() {
        Generation generation = send.generation(); // before it is settled: then another thread may have it forget
        if (send.settle()) {
            counters.answered(1, send.size(), failure == null);
            try {
                send.answer(receipt, failure, generation);
            } finally {
                if (generation != null) {
                    generation.completed(1, failure);
                }
            }
        }
        if (isLast && send.holdsNothing()) {
            send.forget();
        }
    }
}
