package dev.vela.internal.lane;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Spreads the small entries of all lanes of a runtime that publish to topics of one kind: a lane's entry that is not
 * full waits for its turn while brokers have more entries than they can store at once.
 *
 * <p>Thread-safe, without locks. Times are nanoseconds.
 */
public final class Pace {
    /*
     * Whether entries queue up is estimated from receipts. By Little's law the entries in flight are the rate of
     * receipts times the round trip. While nothing queues, a round trip takes as long as the shortest one ("base"), so
     * that "inFlight * base / roundTrip" entries would be in flight at the same rate; the others wait in a queue, in
     * the client, in the machine or in a broker. If one more small entry were sent behind them, its messages would be
     * stored no sooner, and other messages could not join them any more.
     *
     * The base rises slowly, since the way to a broker may become longer, and falls at once. If it is too low, entries
     * are larger than they need be. A sample counts for a few times the usual at most: entries that a frozen broker had
     * say nothing about the others. Updates of several threads may overwrite each other: each is one sample of many.
     *
     * A lane that has to wait is in the queue at most once. Each receipt lets the lanes go that have waited the
     * longest: two, so that the number of entries in flight may grow. One thread at a time gives turns ("giving" counts
     * those that want to), since a hand-over may give turns itself. No lane depends on a turn: the batcher's own alarm
     * is the ceiling, for receipts may come late, or never.
     */
    private static final int MOST_QUEUED = 24;
    private static final int LONGEST_SAMPLE = 8;
    private static final int MOST_TURNS = 2;
    private static final int MOST_TURNS_AT_A_STRETCH = 64;
    private static final int MOST_LOOKS = 1024; // lanes whose entries were sent otherwise use no turn
    private static final int SMOOTHING = 16;
    private static final int FORGETTING = 1 << 16;

    private final AtomicInteger inFlight = new AtomicInteger();
    private final Queue<Place> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger giving = new AtomicInteger();
    private volatile long base;
    private volatile long roundTrip;

    /** A lane's place in the queue. The lane's lock guards {@link #await} and {@link #forget}. */
    static final class Place {
        private final BooleanSupplier turn;
        private volatile boolean isQueued;

        /**
         * Creates a place that is not in the queue.
         *
         * @param turn sends the lane's entry, and returns whether there was one to send
         */
        Place(BooleanSupplier turn) {
            this.turn = turn;
        }

        /** Whether the lane waits for its turn. */
        boolean isQueued() {
            return isQueued;
        }
    }

    /** Counts an entry that is handed over. */
    void handed() {
        inFlight.incrementAndGet();
    }

    /** Stops counting an entry whose fate is known, or that no broker has. */
    void ended() {
        inFlight.decrementAndGet();
    }

    /** Notes the time from the hand-over of an entry to its receipt. */
    void stored(long took) {
        long smoothed = roundTrip;
        long sample = Math.max(1, smoothed == 0 ? took : Math.min(took, LONGEST_SAMPLE * smoothed));
        long shortest = base;
        base = shortest == 0 || sample <= shortest ? sample : shortest + Math.max(1, (sample - shortest) / FORGETTING);
        roundTrip = smoothed == 0 ? sample : smoothed + (sample - smoothed) / SMOOTHING;
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

    /**
     * Has a lane wait for its turn. Call {@link #giveTurns} afterwards, without locks: the queue may have become free.
     */
    void await(Place place) {
        if (place.isQueued) {
            return;
        }
        boolean isAdded = false;
        place.isQueued = true; // first: the lane may get its turn before this thread goes on
        try {
            isAdded = waiting.add(place);
        } finally {
            if (!isAdded) {
                place.isQueued = false;
            }
        }
    }

    /** Lets the lanes go that have waited the longest, if entries do not queue up. Call without locks. Never throws. */
    void giveTurns() {
        if (waiting.isEmpty() || giving.getAndIncrement() != 0) {
            return;
        }
        int looks = 0;
        int turns = 0;
        int seen;
        do {
            seen = giving.get();
            int most = Math.min(MOST_TURNS * seen, MOST_TURNS_AT_A_STRETCH);
            Place next = looks < MOST_LOOKS && turns < most && !isBackedUp() ? waiting.poll() : null;
            while (next != null) {
                looks++;
                next.isQueued = false;
                if (isUsed(next)) {
                    turns++;
                }
                next = looks < MOST_LOOKS && turns < most && !isBackedUp() ? waiting.poll() : null;
            }
        } while (!giving.compareAndSet(seen, 0));
    }

    private static boolean isUsed(Place place) {
        try {
            return place.turn.getAsBoolean();
        } catch (RuntimeException | Error e) { // the heap or the stack is full: the lane's own alarm finds its entry
            return false;
        }
    }

    /** Forgets a lane that no longer waits. */
    void forget(Place place) {
        if (place.isQueued && waiting.remove(place)) {
            place.isQueued = false;
        }
    }
}
