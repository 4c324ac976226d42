package dev.vela.internal.lane;

import java.util.ArrayDeque;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The closed entries of a lane that have not been handed over, in order, including the entry in hand.
 *
 * <p>Not thread-safe: guarded by its owner's lock.
 */
final class HandoverQueue {
    private ArrayDeque<Entry> closed = new ArrayDeque<>(1); // most lanes of many are idle
    private @Nullable Entry inHand;
    private int unhanded; // including the entry in hand
    private long highestChosenId = -1; // chosen by the application, in all entries added; or -1

    void add(Entry entry) {
        closed.add(entry);
        highestChosenId = Math.max(highestChosenId, entry.encoded().chosenSequenceId());
        unhanded++;
    }

    /** Entries that wait, excluding the entry in hand. */
    int waiting() {
        return closed.size();
    }

    /** Entries that have not been handed over, including the entry in hand. */
    int unhanded() {
        return unhanded;
    }

    /** The highest sequence id that the application chose for a message in an added entry; or -1. */
    long highestChosenId() {
        return highestChosenId;
    }

    /**
     * Takes the next entry in hand; null if there is none.
     *
     * @param maxBatchBytes the maximum size of a batch now, in bytes: a larger batch is replaced by single entries, one
     *     for each message
     */
    @Nullable
    Entry take(IntSupplier maxBatchBytes) {
        inHand = closed.poll();
        if (inHand instanceof BatchEntry batch && batch.length() > maxBatchBytes.getAsInt()) {
            inHand = dissolved(batch); // if either call fails, the batch stays in hand unchanged
        }
        return inHand;
    }

    private Entry dissolved(BatchEntry batch) {
        List<SingleEntry> singles = batch.sends().stream().map(SingleEntry::new).toList();
        ArrayDeque<Entry> all = new ArrayDeque<>(singles.size() + closed.size()); // all entries, or none
        all.addAll(singles);
        all.addAll(closed);
        Entry first = all.remove();
        closed = all;
        unhanded += singles.size() - 1;
        return first;
    }

    /** The entry in hand; null if there is none. */
    @Nullable
    Entry inHand() {
        return inHand;
    }

    /** Lets go of the entry in hand, if any: it was handed over, or is elsewhere. */
    void letGo() {
        if (inHand != null) {
            inHand = null;
            unhanded--;
        }
    }

    /** Adds the messages of all entries except the entry in hand, in order. */
    void addSends(List<Send> into) {
        closed.forEach(entry -> entry.addSends(into));
    }

    /** Forgets all entries except the entry in hand: their messages are elsewhere, and were not sent. */
    void clear() {
        unhanded -= closed.size();
        closed.clear();
        highestChosenId = -1; // the lane knows the ids of entries that were sent
    }
}
