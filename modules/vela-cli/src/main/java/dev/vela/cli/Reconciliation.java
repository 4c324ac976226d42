package dev.vela.cli;

import java.util.BitSet;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Both sides of a verified run: the outcome of each message according to its receipt, and the arrivals at the other
 * end. Thread-safe.
 */
final class Reconciliation {

    /*
     * A message is represented by its index, so a run of any length costs four bits for each message, and about twelve
     * bytes for each key. The content is checked on arrival, by the digest that the message carries.
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

    /** Records the receipt of a message. */
    synchronized void published(int index) {
        published.set(index);
    }

    /** Records that a message was sent without getting a receipt. */
    synchronized void unknown(int index) {
        unknown.set(index);
    }

    /**
     * Records the arrival of a message.
     *
     * @param asSent whether the message was as sent
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

    /**
     * Records that everything in the topic was read. Without this call, a missing message may just not have been read.
     */
    synchronized void complete() {
        complete = true;
    }

    /** Returns the number of different messages that have arrived so far. */
    synchronized long arrivals() {
        return arrived.cardinality();
    }

    /** Returns the verdict from both sides. */
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
