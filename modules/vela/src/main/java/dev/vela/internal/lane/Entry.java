package dev.vela.internal.lane;

import dev.vela.internal.pulsar.EncodedEntry;
import dev.vela.internal.pulsar.EntryPublisher;
import java.util.List;
import org.apache.pulsar.client.api.MessageId;
import org.jspecify.annotations.Nullable;

/**
 * What an official producer is given at once and answers with one receipt: a message, or a batch of them.
 *
 * <p>What is said of deadlines and answers is guarded by the lock of the lane, or of the lobby, that holds it.
 */
abstract class Entry extends Completions.Delivery {
    private static final long UNNUMBERED = -1;

    private long sequenceId = UNNUMBERED; // written under the lane's lock, before it is handed over
    private volatile @Nullable EntryPublisher holder; // written under the lane's lock
    private volatile boolean kept; // written under the lane's lock
    private boolean counted; // written under the lane's lock, before it is handed over

    /** The sequence id that it bears, under every producer that it is handed to. */
    final long sequenceId() {
        return sequenceId;
    }

    final void number(long id) {
        sequenceId = id;
    }

    /** Whether it counts as in flight. */
    final boolean isCounted() {
        return counted;
    }

    final void counted(boolean is) {
        counted = is;
    }

    /** It is given to a producer. */
    final void handTo(EntryPublisher publisher) {
        holder = publisher;
    }

    /** Whether that producer is the one that has it now, so that what it says of a failure counts. */
    final boolean isWith(EntryPublisher publisher) {
        return holder == publisher;
    }

    /** Its producer died without a word of it: its successor will send it again. */
    final void keep() {
        holder = null;
        kept = true;
    }

    /** Whether a producer had it that died: it may be stored, and a client may hold its bytes. */
    final boolean isKept() {
        return kept;
    }

    abstract EncodedEntry outgoing();

    /** How many messages are in it. */
    abstract int messages();

    @Override
    final int answers() {
        return messages();
    }

    /** Adds its messages, in order. */
    abstract void addSends(List<Send> into);

    /** When its oldest message was accepted. */
    abstract long acceptedAt();

    /** The earliest time at which one of its messages must be answered, of those whose answer is not in the queue. */
    abstract long deadline();

    /** Whether the answers of all its messages have been given, or are in the queue. */
    abstract boolean isAnswered();

    /** Adds the messages whose time has come and whose answer is not in the queue yet. */
    abstract void expire(long now, List<Send> into);

    /** Whether nothing is left to do for it: released, and a flush that comes now finds its answers in the queue. */
    abstract boolean isDone();

    /** Whether its fate is known, or of no interest any more. */
    abstract boolean isReleased();

    /** Gives back what was acquired for its messages. Returns whether this call did it. */
    abstract boolean release();

    /** Answers its messages with their receipts, but for those that have been answered. */
    abstract void acknowledge(MessageId receipt, Completions completions, LaneCounters counters);

    /** Answers its messages with a failure, but for those that have been answered. */
    abstract void fail(Throwable cause, Completions completions, LaneCounters counters);

    /** Gives its buffer away, now that it is stored. */
    abstract void recycle();

    /** Adds its messages whose answers have not been told. */
    @Override
    abstract void unanswered(List<Send> into);
}
