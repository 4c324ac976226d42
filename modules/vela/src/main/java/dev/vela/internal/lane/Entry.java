package dev.vela.internal.lane;

import dev.vela.internal.pulsar.EncodedEntry;
import dev.vela.internal.pulsar.EntryPublisher;
import java.util.List;
import org.apache.pulsar.client.api.MessageId;
import org.jspecify.annotations.Nullable;

/**
 * A unit that an official producer is given at once and acknowledges with one receipt: a message, or a batch of them.
 *
 * <p>Deadlines and answers are guarded by the lock of the lane that holds it.
 */
abstract class Entry implements Deadlines.Timed {
    private static final long UNNUMBERED = -1;

    private long sequenceId = UNNUMBERED; // written under the hand-over's lock, before it is handed over
    private volatile @Nullable EntryPublisher holder; // written under the hand-over's lock
    private volatile boolean kept; // written under the hand-over's lock
    private boolean counted; // written under the hand-over's lock, before it is handed over

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

    /** It is handed to a producer. */
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

    abstract EncodedEntry encoded();

    /** The number of messages in it. */
    abstract int messages();

    /** Adds its messages, in order. */
    abstract void addSends(List<Send> into);

    /** When its oldest message was accepted. */
    abstract long acceptedAt();

    /** Whether nothing is left to do for it: it is released, and its answers are queued. */
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
}
