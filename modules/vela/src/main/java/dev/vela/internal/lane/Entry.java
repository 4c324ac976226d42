package dev.vela.internal.lane;

import dev.vela.internal.pulsar.EncodedEntry;
import dev.vela.internal.pulsar.EntryPublisher;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.apache.pulsar.client.api.MessageId;
import org.jspecify.annotations.Nullable;

/**
 * A unit that is handed to an official producer as a whole and acknowledged with one receipt: a message, or a batch.
 *
 * <p>Deadlines and answers are guarded by the lock of the lane that holds the entry.
 */
abstract class Entry implements Deadlines.Timed {
    private static final long UNNUMBERED = -1;
    private static final AtomicIntegerFieldUpdater<Entry> PACED =
            AtomicIntegerFieldUpdater.newUpdater(Entry.class, "paced");

    private long sequenceId = UNNUMBERED; // written under the hand-over's lock, before it is handed over
    private volatile @Nullable EntryPublisher holder; // written under the hand-over's lock
    private volatile boolean kept; // written under the hand-over's lock
    private boolean counted; // written under the hand-over's lock, before it is handed over
    private long handedAt; // written under the hand-over's lock, before it is handed over
    private volatile int paced; // 1 while it counts in the pace

    /** Its sequence id, the same under every producer that it is handed to. */
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

    /** The time of the scheduler at which it was first handed over. */
    final long handedAt() {
        return handedAt;
    }

    /** Notes that it counts in the pace, from this time of the scheduler on. */
    final void enterPace(long now) {
        handedAt = now;
        paced = 1;
    }

    /** Returns whether it counted in the pace until now. Thread-safe. */
    final boolean leavePace() {
        return paced == 1 && PACED.compareAndSet(this, 1, 0);
    }

    /** Notes that it is handed to a producer. */
    final void handTo(EntryPublisher publisher) {
        holder = publisher;
    }

    /** Whether the given producer has it now, so that a failure from this producer counts. */
    final boolean isWith(EntryPublisher publisher) {
        return holder == publisher;
    }

    /** Keeps it for the successor: its producer died without reporting its fate, and the successor will replay it. */
    final void keep() {
        holder = null;
        kept = true;
    }

    /** Whether a producer that died had it: it may be stored, and a client may hold its bytes. */
    final boolean isKept() {
        return kept;
    }

    abstract EncodedEntry encoded();

    /** The number of messages in it. */
    abstract int messages();

    /** Adds its messages, in order. */
    abstract void addSends(List<Send> into);

    /** The time at which its oldest message was accepted. */
    abstract long acceptedAt();

    /** Whether nothing is left to do: it is released, and its answers are queued. */
    abstract boolean isDone();

    /** Whether its fate is known, or no longer matters. */
    abstract boolean isReleased();

    /** Gives back what its messages hold. Returns whether this call did so. */
    abstract boolean release();

    /** Answers its messages with their receipts, except messages that have been answered. */
    abstract void acknowledge(MessageId receipt, Completions completions, LaneCounters counters);

    /** Answers its messages with a failure, except messages that have been answered. */
    abstract void fail(Throwable cause, Completions completions, LaneCounters counters);

    /** Gives its buffer back for reuse, now that it is stored. */
    abstract void recycle();
}
