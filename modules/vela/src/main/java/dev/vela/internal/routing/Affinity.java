package dev.vela.internal.routing;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.IntPredicate;

/**
 * Keeps a key, or a thread, on one producer of a group, so that its order is preserved.
 *
 * <p>Thread-safe; never blocks.
 */
public final class Affinity {
    /*
     * Hashes fall into stripes ("slots" in this code). Each stripe packs its owner (the high 16 bits) and the number of
     * its pending messages (the low 48) into one long, changed by compare-and-set.
     *
     *   - While any message is pending, the owner stays: a second owner could overtake the first.
     *   - When none is pending, the stripe goes to its home (slot modulo producers) if that producer is live, else to
     *     the next live producer. So keys leave a dead producer when its messages have been released, and return home
     *     when the stand-in has none of their messages left.
     *
     * Example with 3 producers: the home of stripe 4 is producer 1. Producer 1 dies with two messages of stripe 4
     * pending: acquire returns HELD until both are released, then 2. Producer 1 is back while 2 has one message:
     * acquire returns 2 until that message is released, then 1.
     */
    private static final int SLOTS = 256;
    private static final int OWNER_SHIFT = 48;
    private static final long COUNT = (1L << OWNER_SHIFT) - 1;

    /** No producer can take the message now. */
    public static final int NONE = -1;

    /** The producer of the message cannot take it now, and no other may: messages of the same stripe are pending. */
    public static final int HELD = -2;

    private final int producers;
    private final AtomicLongArray slots = new AtomicLongArray(SLOTS);

    /** Creates a table for the given number of producers, with all stripes at home. */
    public Affinity(int producers) {
        if (producers < 1 || producers > 0x7fff) {
            throw new IllegalArgumentException("producers must be in [1, 32767], was " + producers);
        }
        this.producers = producers;
    }

    /**
     * Counts one more pending message of this hash, and returns its producer.
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

    /** Records that one message of this hash is no longer pending. */
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
