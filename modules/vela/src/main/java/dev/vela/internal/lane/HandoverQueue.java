package dev.vela.internal.lane;

import java.util.ArrayDeque;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a lane that are closed and were not handed over, in order, with the one in hand.
 *
 * <p>Not thread-safe: guarded by its owner's lock.
 */
final class HandoverQueue {
    private ArrayDeque<Entry> closed = new ArrayDeque<>();
    private @Nullable Entry inHand;
    private int unhanded; // with the one in hand
    private long highestChosenId = -1; // by the application, of all that came; or -1

    void add(Entry entry) {
        closed.add(entry);
        highestChosenId = Math.max(highestChosenId, entry.encoded().chosenSequenceId());
        unhanded++;
    }

    /** Entries that wait, without the one in hand. */
    int waiting() {
        return closed.size();
    }

    /** Entries that were not handed over, with the one in hand. */
    int unhanded() {
        return unhanded;
    }

    /** The highest sequence id that the application chose for a message in an entry that came; or -1. */
    long highestChosenId() {
        return highestChosenId;
    }

    /**
     * Takes the next entry in hand; null if there is none.
     *
     * @param maxBatchBytes the most bytes that a batch may have now: the messages of a longer one go one by one, in its place
     */
    @Nullable
    Entry take(IntSupplier maxBatchBytes) {
        inHand = closed.poll();
        if (inHand instanceof BatchEntry batch && batch.length() > maxBatchBytes.getAsInt()) {
            inHand = dissolved(batch); // where either fails, it stays in hand as it is
        }
        return inHand;
    }

    private Entry dissolved(BatchEntry batch) {
        List<SingleEntry> singles = batch.sends().stream().map(SingleEntry::new).toList();
        ArrayDeque<Entry> all = new ArrayDeque<>(singles.size() + closed.size()); // all of it, or nothing
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

    /** The entry in hand, if there is one, was handed over, or is elsewhere. */
    void letGo() {
        if (inHand != null) {
            inHand = null;
            unhanded--;
        }
    }

    /** Adds the messages of all entries but the one in hand, in order. */
    void addSends(List<Send> into) {
        closed.forEach(entry -> entry.addSends(into));
    }

    /** Forgets all entries but the one in hand: their messages are elsewhere, and did not leave. */
    void clear() {
        unhanded -= closed.size();
        closed.clear();
        highestChosenId = -1; // of those that left, the lane knows
    }
}
