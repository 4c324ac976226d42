package dev.vela.cli;

import java.util.BitSet;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Both sides of a verified run: what became of each message according to its receipt, and what arrived at the other end.
 * Thread-safe.
 */
final class Reconciliation {

    /*
     * A message is an index here, so that a run of any length costs four bits for each message, and twelve bytes or so
     * for each key. Whether the content is right is decided on arrival, by the digest that the message carries.
     */
    private final BitSet published = new BitSet();
    private final BitSet unknown = new BitSet();
    private final BitSet arrived = new BitSet();
    private final BitSet intact = new BitSet();
    private final KeyOrder keys = new KeyOrder();
    private boolean complete;
    private long duplicated;
    private long outOfOrder;
    private long altered;

    /** A receipt came. */
    synchronized void published(int index) {
        published.set(index);
    }

    /** It was sent, and no receipt came. */
    synchronized void unknown(int index) {
        unknown.set(index);
    }

    /**
     * It arrived.
     *
     * @param asSent whether it was what had been sent
     */
    synchronized void arrived(int index, @Nullable String key, boolean asSent) {
        if (arrived.get(index)) {
            duplicated++;
            return;
        }
        arrived.set(index);
        if (asSent) {
            intact.set(index);
        } else {
            altered++;
        }
        if (key != null && !keys.advance(Digest.of(key), index)) {
            outOfOrder++;
        }
    }

    /** All that was there has arrived. Without this, what has not arrived may only not have been read. */
    synchronized void complete() {
        complete = true;
    }

    /** How many different ones have arrived so far. */
    synchronized long arrivals() {
        return arrived.cardinality();
    }

    /** What both sides come to. */
    synchronized Verdict verdict() {
        long verified = common(published, intact);
        long unknownArrived = common(unknown, arrived);
        long unexpected = arrived.cardinality() - common(published, arrived) - unknownArrived;
        return new Verdict(
                verified,
                complete || verified == published.cardinality()
                        ? OptionalLong.of(published.cardinality() - verified)
                        : OptionalLong.empty(),
                duplicated,
                outOfOrder,
                altered,
                unexpected,
                unknownArrived);
    }

    private static long common(BitSet one, BitSet other) {
        BitSet both = (BitSet) one.clone();
        both.and(other);
        return both.cardinality();
    }
}
