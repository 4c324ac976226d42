package dev.vela.internal.lane;

import dev.vela.internal.pulsar.EncodedEntry;
import dev.vela.internal.pulsar.EncodedMessage;
import java.util.List;
import org.apache.pulsar.client.api.MessageId;

/** An entry of one message that is sent alone. */
final class SingleEntry extends Entry {
    private final Send send;
    private final EncodedMessage message; // the send may drop it during the hand-over
    private final Answer answer;

    SingleEntry(Send send) {
        this.send = send;
        this.message = send.message();
        this.answer = new Answer(send);
    }

    @Override
    EncodedEntry encoded() {
        return message;
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
    public long deadline() {
        return send.deadline();
    }

    @Override
    public boolean isAnswered() {
        return send.isAnswered();
    }

    @Override
    public void expire(long now, List<Send> into) {
        send.expire(now, into);
    }

    @Override
    boolean isDone() {
        return send.isAnswered() && send.isReleased();
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
    void acknowledge(MessageId receipt, Completions completions, LaneCounters counters) {
        answer.last(receipt, null, counters).give(completions);
    }

    @Override
    void fail(Throwable cause, Completions completions, LaneCounters counters) {
        answer.last(null, cause, counters).give(completions);
    }

    @Override
    void recycle() {}
}
