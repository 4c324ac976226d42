package dev.vela.internal.lane;

import dev.vela.internal.pulsar.EntryPublisher;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The entries that a dead producer left, on their way to the successor: in order, and before any newer entry.
 *
 * <p>Guarded by the hand-over's lock. If the successor dies or is detached, the replay is dropped, and the next
 * successor starts again with all entries without a receipt.
 */
final class Replay {
    private final EntryPublisher successor;
    private final ArrayDeque<Entry> left;
    private final Runnable whenDone;
    private boolean followedByNew = true;

    /**
     * Creates a replay that has not begun.
     *
     * @param whenDone run on the control thread once all entries have been handed over
     */
    Replay(EntryPublisher successor, List<Entry> left, Runnable whenDone) {
        this.successor = successor;
        this.left = new ArrayDeque<>(left);
        this.whenDone = whenDone;
    }

    EntryPublisher successor() {
        return successor;
    }

    Runnable whenDone() {
        return whenDone;
    }

    /** The next entry to hand over, or null. Skips entries that have been released, such as those acknowledged late. */
    @Nullable
    Entry next() {
        Entry head = left.peek();
        while (head != null && head.isReleased()) {
            left.remove();
            head = left.peek();
        }
        return head;
    }

    /** Removes the next entry: the successor has it. */
    void handed() {
        left.remove();
    }

    /** Notes that no newer entries will follow. */
    void endIntake() {
        followedByNew = false;
    }

    /** Whether the successor takes new entries once it has all of these. */
    boolean isFollowedByNew() {
        return followedByNew;
    }
}
