package dev.vela.internal.producer;

import org.apache.pulsar.client.api.ProducerAccessMode;

/**
 * What a slot knows of its access to the topic, over the lives of its producers.
 *
 * <p>Confined to the control thread.
 */
final class ExclusiveAccess {
    /*
     * Each time that the broker grants exclusive access to a producer that is new to it, the topic's epoch rises by one.
     * A producer that reconnects has the epoch that it was granted, and is fenced if the topic's has risen since; a
     * successor has none, and would not be. So it only asks for what nobody has, and compares what it is granted with
     * what its predecessor had: one more, and nobody was there in between.
     */

    /** What a grant means for the successor of one that had access before. */
    enum Verdict {
        /** Nobody else had access since, or nobody was to keep from it. */
        UNBROKEN,
        /** Somebody else may have had access since: what was kept must not be sent again. */
        UNSURE,
        /** Somebody else had access since: stay down. */
        TAKEN_OVER
    }

    private static final long UNKNOWN = -1;

    private final ProducerAccessMode wanted;
    private boolean isHolder;
    private long epoch = UNKNOWN;
    private boolean mayBeGhost;

    ExclusiveAccess(ProducerAccessMode wanted) {
        this.wanted = wanted;
    }

    /** Whether others are kept out. */
    boolean isExclusive() {
        return wanted != ProducerAccessMode.Shared;
    }

    /**
     * What the next producer asks for: the first may fence others, its successors may not. Nor do they queue behind others
     * as long as these may be their predecessor's ghost.
     */
    ProducerAccessMode next() {
        return isHolder && (wanted == ProducerAccessMode.ExclusiveWithFencing || mayBeGhost)
                ? ProducerAccessMode.Exclusive
                : wanted;
    }

    /**
     * Whether one that is refused when it reconnects may be refused for what the broker still has of itself: one that
     * reconnects with fencing gets rid of that.
     */
    boolean isRefusedByGhosts() {
        return isExclusive() && wanted != ProducerAccessMode.ExclusiveWithFencing && epoch != UNKNOWN;
    }

    /** Its producer was refused when it reconnected, by itself or by somebody else. */
    void wasRefused() {
        mayBeGhost = true;
    }

    /** It was somebody else. */
    void isSomebodyElses() {
        mayBeGhost = false;
    }

    /**
     * The broker has granted access.
     *
     * @param granted the topic's epoch with it, or -1 if it is not known
     */
    Verdict granted(long granted) {
        if (!isExclusive()) {
            return Verdict.UNBROKEN;
        }
        Verdict verdict = verdict(granted);
        mayBeGhost = false;
        if (verdict != Verdict.TAKEN_OVER) {
            isHolder = true;
            epoch = granted;
        }
        return verdict;
    }

    private Verdict verdict(long granted) {
        if (!isHolder || (epoch != UNKNOWN && granted == epoch + 1)) {
            return Verdict.UNBROKEN;
        }
        boolean isSame = epoch != UNKNOWN && granted > epoch; // a topic that was deleted begins anew
        return isSame && wanted != ProducerAccessMode.WaitForExclusive ? Verdict.TAKEN_OVER : Verdict.UNSURE;
    }

    /** What its last producer had when it ended: it may have been granted access anew meanwhile. */
    void had(long last) {
        if (isHolder && last > epoch) {
            epoch = last;
        }
    }

    /** The topic was deleted: one that is made anew begins its epochs anew, whoever has it then. */
    void topicIsGone() {
        epoch = UNKNOWN;
    }

    /** Whether one had access before. */
    boolean isHolder() {
        return isHolder && isExclusive();
    }

    /** Somebody wants the topic back, whoever has it. */
    void reset() {
        isHolder = false;
        epoch = UNKNOWN;
        mayBeGhost = false;
    }
}
