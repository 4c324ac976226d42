package dev.vela.internal.lane;

import dev.vela.internal.pulsar.EntryPublisher;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a dead producer left, on its way to the successor: in order, and before anything newer.
 *
 * <p>Guarded by the hand-over's lock. Its producer dies, or is taken away: then it is dropped, and the next successor begins
 * anew with all that has no receipt.
 */
final class Replay {
    private final EntryPublisher successor;
    private final ArrayDeque<Entry> left;
    private final Runnable whenDone;
    private boolean followedByNew = true;

    /**
     * A replay yet to begin.
     *
     * @param whenDone run once all has been handed over, on the control thread
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

    /** The next to be handed over, or null. What the dead producer had stored after all is not. */
    @Nullable
    Entry next() {
        Entry head = left.peek();
        while (head != null && head.isReleased()) {
            left.remove();
            head = left.peek();
        }
        return head;
    }

    /** The successor has it. */
    void handed() {
        left.remove();
    }

    /** Nothing newer will follow. */
    void endIntake() {
        followedByNew = false;
    }

    /** Whether the successor takes new entries once it has these. */
    boolean isFollowedByNew() {
        return followedByNew;
    }
}
