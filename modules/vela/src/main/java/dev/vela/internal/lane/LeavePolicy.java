package dev.vela.internal.lane;

import dev.vela.Batching;

/**
 * The rule when an entry that is not full is sent.
 *
 * <p>Immutable. Times are nanoseconds of the scheduler's clock.
 */
final class LeavePolicy {
    /*
     * An entry is sent at once when there is no reason to wait for more messages: nothing is closed that was not handed over,
     * and nothing is in flight; or little is, and no entry was closed for a while. Otherwise at the end of the interval.
     */
    static final long SPACING_NANOS = 500_000;
    static final int FEW_MESSAGES = 256;

    private final boolean whenIdle;
    private final long interval;

    LeavePolicy(Batching batching) {
        this.whenIdle = batching.flush() == Batching.Flush.WHEN_IDLE;
        this.interval = batching.flushInterval().toNanos();
    }

    /** The longest time that a message waits for others. */
    long interval() {
        return interval;
    }

    /**
     * Whether there is no reason to wait.
     *
     * @param entriesBefore entries that are closed and not handed over
     * @param entriesInFlight entries handed over whose fate is not known
     * @param messagesInFlight the messages in those
     * @param lastClosed when an entry was closed last
     */
    boolean isIdle(long now, int entriesBefore, int entriesInFlight, int messagesInFlight, long lastClosed) {
        return whenIdle
                && entriesBefore == 0
                && (entriesInFlight == 0 || (messagesInFlight < FEW_MESSAGES && now - lastClosed >= SPACING_NANOS));
    }

    /** Whether a receipt may have made the lane idle: a cheap look, without a lock. */
    boolean mayBeIdle(long now, int entriesInFlight, long lastClosed) {
        return entriesInFlight == 0 || now - lastClosed >= SPACING_NANOS;
    }

    /** Whether the oldest message of an entry has waited for the whole interval. */
    boolean isOver(long now, long since) {
        return now - since >= interval;
    }

    /** How long until an entry must be looked at again. */
    long untilNextLook(long now, long since, int messagesInFlight, long lastClosed) {
        long left = since + interval - now;
        long spacing = lastClosed + SPACING_NANOS - now;
        boolean isEarly = whenIdle && spacing > 0 && messagesInFlight < FEW_MESSAGES;
        return Math.max(0, isEarly ? Math.min(left, spacing) : left);
    }
}
