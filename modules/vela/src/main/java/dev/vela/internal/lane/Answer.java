package dev.vela.internal.lane;

import org.apache.pulsar.client.api.MessageId;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one message: its receipt or a failure, on its way to the application. If a message gets several
 * answers, the first one counts.
 */
final class Answer extends Completions.Delivery {
    private final Send send;
    private @Nullable MessageId receipt; // this field and all below: published by the completion queue
    private @Nullable Throwable failure;
    private @Nullable LaneCounters counters;
    private boolean isLast;

    /** Creates an answer that is given later: when it is due, memory may be exhausted. */
    Answer(Send send) {
        this.send = send;
    }

    /** Makes this the last answer to the message, a receipt or a failure. The message no longer holds room. */
    Answer last(@Nullable MessageId its, @Nullable Throwable cause, LaneCounters counting) {
        receipt = its;
        failure = cause;
        counters = counting;
        isLast = true;
        return this;
    }

    /**
     * Makes this the answer to a message that has timed out. The message keeps its room, since the client still holds
     * it.
     */
    Answer expired(Throwable cause, LaneCounters counting) {
        failure = cause;
        counters = counting;
        return this;
    }

    /** Gives the answer: on this thread if the application only has a thread waiting for it, otherwise in its turn. */
    void give(Completions completions) {
        if (send.isWaitedFor()) {
            deliver(completions);
        } else {
            completions.deliver(this);
        }
        send.answerQueued();
    }

    @Override
    void deliver() {
        deliver(null);
    }

    private void deliver(@Nullable Completions forMetrics) {
        Generation generation = send.generation(); // read with the size before settling: after that
        int size = send.size(); // another thread may make the send forget both
        if (send.settle()) {
            if (counters != null) {
                counters.answered(1, size, counters.nanosSince(send.acceptedAt()), receipt, failure, forMetrics);
            }
            answer(generation);
        }
        if (isLast && send.holdsNothing()) {
            send.forget();
        }
    }

    /*
     * A flush fails with each failure that its caller could not know of. A failure whose callbacks are running counts,
     * so it is noted after they have returned. A failure thrown to the waiting thread is known once thrown, so it is
     * noted before.
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
