package dev.vela.internal.producer;

import org.apache.pulsar.client.api.ProducerAccessMode;

/**
 * A slot's knowledge of its access to the topic, across the lives of its producers.
 *
 * <p>Confined to the control thread.
 */
final class ExclusiveAccess {
    /*
     * Each time that the broker grants exclusive access to a new producer, the topic's epoch rises by one. A producer
     * that reconnects presents the epoch that it was granted, and is fenced if the topic's epoch has risen since. A
     * successor has no epoch, and would not be fenced. So a successor only asks for access that no producer holds, and
     * compares the granted epoch with its predecessor's: if it is one higher, no other producer had access in between.
     */

    /** The meaning of a grant for the successor of a producer that had access before. */
    enum Verdict {
        /** No other producer had access since, or there was no access to protect. */
        UNBROKEN,
        /** Another producer may have had access since: kept messages must not be sent again. */
        UNSURE,
        /** Another producer had access since: stay down. */
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

    /** Whether other producers are kept out. */
    boolean isExclusive() {
        return wanted != ProducerAccessMode.Shared;
    }

    /**
     * The access mode that the next producer asks for: the first producer may fence others, its successors may not. Nor
     * do successors queue behind another producer that may be their predecessor's ghost.
     */
    ProducerAccessMode next() {
        return isHolder && (wanted == ProducerAccessMode.ExclusiveWithFencing || mayBeGhost)
                ? ProducerAccessMode.Exclusive
                : wanted;
    }

    /**
     * Whether a producer that is refused on reconnect may have been refused because of its own ghost at the broker: a
     * producer that reconnects with fencing removes its ghost.
     */
    boolean isRefusedByGhosts() {
        return isExclusive() && wanted != ProducerAccessMode.ExclusiveWithFencing && epoch != UNKNOWN;
    }

    /** Records that the slot's producer was refused on reconnect, because of its own ghost or of another producer. */
    void wasRefused() {
        mayBeGhost = true;
    }

    /** Records that another producer was the cause. */
    void isSomebodyElses() {
        mayBeGhost = false;
    }

    /**
     * Records that the broker has granted access.
     *
     * @param granted the topic's epoch with this access, or -1 if it is not known
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
        boolean isSame = epoch != UNKNOWN && granted > epoch; // a deleted topic starts again with new epochs
        return isSame && wanted != ProducerAccessMode.WaitForExclusive ? Verdict.TAKEN_OVER : Verdict.UNSURE;
    }

    /** Records the epoch of the last producer when it ended: it may have been granted access again meanwhile. */
    void had(long last) {
        if (isHolder && last > epoch) {
            epoch = last;
        }
    }

    /**
     * Records that the topic was deleted: a recreated topic restarts its epochs, whichever producer has access then.
     */
    void topicIsGone() {
        epoch = UNKNOWN;
    }

    /** Whether a producer of this slot had exclusive access before. */
    boolean isHolder() {
        return isHolder && isExclusive();
    }

    /** Forgets everything: the application wants the topic back, whichever producer has it. */
    void reset() {
        isHolder = false;
        epoch = UNKNOWN;
        mayBeGhost = false;
    }
}
