package dev.vela.internal.lane;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Spreads the small entries of all lanes of a runtime that publish to topics of one kind: a lane's entry that is not full
 * waits for its turn while brokers have more entries than they can store at once.
 *
 * <p>Thread-safe, without locks. Times are nanoseconds.
 */
public final class Pace {
    /*
     * Whether entries queue up is estimated from receipts. By Little's law the entries in flight are the rate of receipts
     * times the round trip. While nothing queues, a round trip takes as long as the shortest one ("base"), so that
     * "inFlight * base / roundTrip" entries would be in flight at the same rate; the others wait in a queue, in the client,
     * in the machine or in a broker. If one more small entry were sent behind them, its messages would be stored no
     * sooner, and other messages could not join them any more.
     *
     * The base rises slowly, since the way to a broker may become longer, and falls at once. If it is too low, entries
     * are larger than they need be. Updates of several threads may overwrite each other: each is one sample of many.
     *
     * A lane that has to wait enters the queue once. Each receipt lets the lanes go that have waited the longest, two at
     * most, so that the number of entries in flight may grow. No lane depends on that: the batcher's own timer is the
     * ceiling, for receipts may come late, or never.
     */
    private static final int MOST_QUEUED = 8;
    private static final int MOST_TURNS = 2;
    private static final int SMOOTHING = 16;
    private static final int FORGETTING = 1 << 16;

    private final AtomicInteger inFlight = new AtomicInteger();
    private final Queue<Waiter> waiting = new ConcurrentLinkedQueue<>();
    private volatile long base;
    private volatile long roundTrip;

    /** A lane that waits for its turn to send an entry. */
    interface Waiter {
        /** Sends the entry, if there still is one. Called at most once for each {@link #await}. */
        void takeTurn();
    }

    /** Counts an entry that is handed over. */
    void handed() {
        inFlight.incrementAndGet();
    }

    /** Stops counting an entry whose fate is known, or no longer matters. */
    void ended() {
        inFlight.decrementAndGet();
    }

    /** Notes the time from the hand-over of an entry to its receipt. */
    void stored(long took) {
        long shortest = base;
        base = shortest == 0 || took < shortest ? took : shortest + (took - shortest) / FORGETTING;
        long smoothed = roundTrip;
        roundTrip = smoothed == 0 ? took : smoothed + (took - smoothed) / SMOOTHING;
    }

    /** Whether a small entry may be sent at once: none waits, and it would not queue up behind others. */
    boolean isFree() {
        return waiting.isEmpty() && !isBackedUp();
    }

    /** Whether entries queue up. */
    boolean isBackedUp() {
        long smoothed = roundTrip;
        return smoothed > 0 && inFlight.get() * (double) (smoothed - base) / smoothed > MOST_QUEUED;
    }

    /** The time from the hand-over of an entry to its receipt, smoothed; 0 before the first receipt. */
    long roundTrip() {
        return roundTrip;
    }

    /** Has a lane wait for its turn. Call {@link #giveTurns} afterwards, without locks: the queue may have become free. */
    void await(Waiter waiter) {
        waiting.add(waiter);
    }

    /** Lets the lanes go that have waited the longest, if entries do not queue up. Call without locks. */
    void giveTurns() {
        for (int i = 0; i < MOST_TURNS && !isBackedUp(); i++) {
            Waiter next = waiting.poll();
            if (next == null) {
                return;
            }
            try {
                next.takeTurn();
            } catch (RuntimeException
                    | Error e) { // the heap or the stack is full: the lane's own timer finds its entry
                return;
            }
        }
    }

    /** Forgets a lane that no longer waits. */
    void forget(Waiter waiter) {
        waiting.remove(waiter);
    }
}
