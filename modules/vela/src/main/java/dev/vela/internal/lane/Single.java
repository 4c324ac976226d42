package dev.vela.internal.lane;

import dev.vela.internal.pulsar.OutgoingEntry;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.MessageId;
import org.jspecify.annotations.Nullable;

/** A message that goes alone, or its answer. */
final class Single extends Entry {
    private final Send send;
    private @Nullable MessageId receipt; // published by the completion queue
    private @Nullable Throwable failure; // published by the completion queue
    private @Nullable LaneCounters counters; // published by the completion queue

    Single(Send send) {
        this.send = send;
    }

    Send send() {
        return send;
    }

    @Override
    OutgoingEntry outgoing() {
        return send.message();
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
        answer(completions, counters);
    }

    @Override
    void fail(Throwable cause, Completions completions, LaneCounters counters) {
        failure = cause;
        answer(completions, counters);
    }

    private void answer(Completions completions, LaneCounters counting) {
        counters = counting;
        if (send.isWaitedFor()) {
            deliver();
        } else {
            completions.deliver(this);
        }
        send.answerQueued();
    }

    @Override
    void deliver() {
        if (!send.settle()) {
            return;
        }
        if (counters != null) {
            counters.answered(1, send.message().sizeInBytes(), failure == null);
        }
        try {
            send.answer(receipt, failure);
        } finally {
            send.ledger().answered(1);
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
    void unanswered(List<CompletableFuture<MessageId>> into) {
        if (!send.isDone()) {
            into.add(send);
        }
    }
}
