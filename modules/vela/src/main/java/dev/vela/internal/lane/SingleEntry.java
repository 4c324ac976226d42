package dev.vela.internal.lane;

import dev.vela.internal.pulsar.EncodedEntry;
import dev.vela.internal.pulsar.EncodedMessage;
import java.util.List;
import java.util.Objects;
import org.apache.pulsar.client.api.MessageId;
import org.jspecify.annotations.Nullable;

/** A message that goes alone, or its answer. */
final class SingleEntry extends Entry {
    private final Send send;
    private final @Nullable EncodedMessage message; // for as long as this is handed over: the send may forget it before
    private boolean isLast; // published by the completion queue; nothing comes of the send any more
    private @Nullable MessageId receipt; // published by the completion queue
    private @Nullable Throwable failure; // published by the completion queue
    private @Nullable LaneCounters counters; // published by the completion queue

    SingleEntry(Send send) {
        this.send = send;
        this.message = send.messageIfKept();
    }

    Send send() {
        return send;
    }

    @Override
    EncodedEntry outgoing() {
        return Objects.requireNonNull(message);
    }

    @Override
    int messages() {
        return 1;
    }

    @Override
    void addSends(List<Send> into) {
        into.add(send);
    }

    @Override
    long acceptedAt() {
        return send.acceptedAt();
    }

    @Override
    long deadline() {
        return send.deadline();
    }

    @Override
    boolean isAnswered() {
        return send.isAnswerQueued();
    }

    @Override
    void expire(long now, List<Send> into) {
        if (!isAnswered() && send.deadline() - now <= 0) {
            into.add(send);
        }
    }

    @Override
    boolean isDone() {
        return send.isAnswerQueued() && send.isReleased();
    }

    @Override
    boolean isReleased() {
        return send.isReleased();
    }

    @Override
    boolean release() {
        return send.release();
    }

    @Override
    void acknowledge(MessageId id, Completions completions, LaneCounters counters) {
        receipt = id;
        isLast = true;
        answer(completions, counters);
    }

    @Override
    void fail(Throwable cause, Completions completions, LaneCounters counters) {
        isLast = true;
        expire(cause, completions, counters);
    }

    /** Answers the message with a failure, but it holds its room still: it is in flight. */
    void expire(Throwable cause, Completions completions, LaneCounters counters) {
        failure = cause;
        answer(completions, counters);
    }

    private void answer(Completions completions, LaneCounters counting) {
        counters = counting;
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

    /** Delivers it. Where that is not in its turn in a queue, the queue learns of a failure all the same. */
    private void deliver(@Nullable Completions aside) {
        OpenSends ledger = send.ledger(); // before it is settled: after that, another thread may have it forget
        if (send.settle()) {
            if (aside != null && failure != null) {
                aside.failing(failure);
            }
            answer(Objects.requireNonNull(ledger));
        }
        if (isLast && send.holdsNothing()) {
            send.forget();
        }
    }

    private void answer(OpenSends ledger) {
        if (counters != null) {
            counters.answered(1, send.size(), failure == null);
        }
        try {
            send.answer(receipt, failure);
        } finally {
            ledger.answered(1);
        }
    }

    @Override
    @Nullable
    Throwable failure() {
        return failure;
    }

    @Override
    void recycle() {}

    @Override
    void unanswered(List<Send> into) {
        if (!send.isTold()) {
            into.add(send);
        }
    }
}
