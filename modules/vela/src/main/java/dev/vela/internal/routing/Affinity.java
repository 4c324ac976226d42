package dev.vela.internal.routing;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.IntPredicate;

/**
 * Keeps a key, or a thread, to one producer of a group, so that its order holds.
 *
 * <p>Thread-safe; never blocks.
 */
public final class Affinity {
    /*
     * Hashes fall into slots, and each slot packs its owner (the high 16 bits) and the number of its messages on their
     * way (the low 48) into one long, changed by compare-and-set.
     *
     *   - While anything is on its way, the owner stays: a second owner could overtake the first.
     *   - When nothing is, the slot goes to its home (slot modulo producers) if that one is live, else to the next live
     *     one. So keys leave a dead producer when its messages have been answered, and come home when their stand-in has
     *     nothing of theirs left.
     *
     * Example with 3 producers: slot 4 is at home on 1. Producer 1 dies with two messages of slot 4 on their way: acquire
     * says HELD until both are answered, then 2. Producer 1 is back while 2 has one message: acquire says 2 until that
     * one is answered, then 1.
     */
    private static final int SLOTS = 256;
    private static final int OWNER_SHIFT = 48;
    private static final long COUNT = (1L << OWNER_SHIFT) - 1;

    /** No producer can take it now. */
    public static final int NONE = -1;

    /** Its producer cannot take it now, and others must not: messages of its slot are on their way. */
    public static final int HELD = -2;

    private final int producers;
    private final AtomicLongArray slots = new AtomicLongArray(SLOTS);

    /** A table for the given number of producers, all at home. */
    public Affinity(int producers) {
        if (producers < 1 || producers > 0x7fff) {
            throw new IllegalArgumentException("producers must be in [1, 32767], was " + producers);
        }
        this.producers = producers;
    }

    /**
     * Counts one more message of this hash on its way and says to which producer.
     *
     * @param live which producers can take messages
     * @return the producer's index; or {@link #NONE} or {@link #HELD}, and then nothing was counted
     */
    public int acquire(int hash, IntPredicate live) {
        int slot = slot(hash);
        while (true) {
            long seen = slots.get(slot);
            long count = seen & COUNT;
            int owner = count > 0 ? (int) (seen >>> OWNER_SHIFT) : choose(slot, live);
            if (owner == NONE) {
                return NONE;
            }
            if (count > 0 && !live.test(owner)) {
                return HELD;
            }
            if (slots.compareAndSet(slot, seen, ((long) owner << OWNER_SHIFT) | (count + 1))) {
                return owner;
            }
        }
    }

    /** One message of this hash is no longer on its way. */
    public void release(int hash) {
        slots.decrementAndGet(slot(hash));
    }

    private int choose(int slot, IntPredicate live) {
        for (int i = 0; i < producers; i++) {
            int candidate = (slot + i) % producers;
            if (live.test(candidate)) {
                return candidate;
            }
        }
        return NONE;
    }

    private static int slot(int hash) {
        int spread = hash * 0x9E3779B9;
        return spread >>> 24;
    }
}
