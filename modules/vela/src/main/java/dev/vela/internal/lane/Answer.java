package dev.vela.internal.lane;

import org.apache.pulsar.client.api.MessageId;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one message: its receipt or a failure, on its way to the application. Of several answers to a message the first
 * one counts.
 */
final class Answer extends Completions.Delivery {
    private final Send send;
    private @Nullable MessageId receipt; // this and all below: published by the completion queue
    private @Nullable Throwable failure;
    private @Nullable LaneCounters counters;
    private boolean isLast;

    /** Creates an answer that is yet to be given: once it is due, there may be no memory. */
    Answer(Send send) {
        this.send = send;
    }

    /** Makes it the last answer to the message, which holds no room any more: a receipt or a failure. */
    Answer last(@Nullable MessageId its, @Nullable Throwable cause, LaneCounters counting) {
        receipt = its;
        failure = cause;
        counters = counting;
        isLast = true;
        return this;
    }

    /** Makes it the answer to a message whose time is over: it keeps its room, since the client still holds it. */
    Answer expired(Throwable cause, LaneCounters counting) {
        failure = cause;
        counters = counting;
        return this;
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
        Generation generation = send.generation(); // this and the next before it is settled: from then on another
        int size = send.size(); // thread may have it forget them
        if (send.settle()) {
            if (counters != null) {
                counters.answered(1, size, failure == null);
            }
            answer(generation);
        }
        if (isLast && send.holdsNothing()) {
            send.forget();
        }
    }

    /*
     * A flush fails with each failure that its caller could not know of. One that is being told by callbacks counts, so it is
     * noted when they have returned; one that is thrown to the thread that waits is known as soon as that is done.
     */
    private void answer(@Nullable Generation generation) {
        if (generation == null) {
            send.answer(receipt, failure, null);
            return;
        }
        boolean isThrown = send.isWaitedFor();
        if (isThrown) {
            generation.failed(failure);
        }
        try {
            send.answer(receipt, failure, generation);
        } finally {
            if (!isThrown) {
                generation.failed(failure);
            }
            generation.completed(1);
        }
    }
}
