package dev.vela.internal.lane;

import dev.vela.Batching;

/**
 * Decides when an entry that is not full is sent.
 *
 * <p>Immutable. Times are nanoseconds of the scheduler's clock.
 */
final class LeavePolicy {
    /*
     * An entry is sent at once if waiting for more messages has no benefit: no closed entry awaits its hand-over, and
     * either nothing is in flight, or few messages are in flight and no entry was closed for a while. Otherwise the
     * entry is sent at the end of the interval.
     */
    static final long SPACING_NANOS = 500_000;
    static final int FEW_MESSAGES = 256;

    private final boolean whenIdle;
    private final long interval;

    LeavePolicy(Batching batching) {
        this.whenIdle = batching.flush() == Batching.Flush.WHEN_IDLE;
        this.interval = batching.flushInterval().toNanos();
    }

    /** The maximum time that a message waits for other messages. */
    long interval() {
        return interval;
    }

    /**
     * Whether the lane is idle: waiting has no benefit.
     *
     * @param entriesBefore the number of entries that are closed and not handed over
     * @param entriesInFlight the number of entries handed over whose fate is unknown
     * @param messagesInFlight the number of messages in entries in flight
     * @param lastClosed the time at which an entry was last closed
     */
    boolean isIdle(long now, int entriesBefore, int entriesInFlight, int messagesInFlight, long lastClosed) {
        return whenIdle
                && entriesBefore == 0
                && (entriesInFlight == 0 || (messagesInFlight < FEW_MESSAGES && now - lastClosed >= SPACING_NANOS));
    }

    /** Whether a receipt may have made the lane idle: a cheap check, without a lock. */
    boolean mayBeIdle(long now, int entriesInFlight, long lastClosed) {
        return entriesInFlight == 0 || now - lastClosed >= SPACING_NANOS;
    }

    /** Whether the oldest message of an entry has waited for the whole interval. */
    boolean isOver(long now, long since) {
        return now - since >= interval;
    }

    /** The time until an entry must be checked again. */
    long untilNextLook(long now, long since, int messagesInFlight, long lastClosed) {
        long left = since + interval - now;
        long spacing = lastClosed + SPACING_NANOS - now;
        boolean isEarly = whenIdle && spacing > 0 && messagesInFlight < FEW_MESSAGES;
        return Math.max(0, isEarly ? Math.min(left, spacing) : left);
    }
}
