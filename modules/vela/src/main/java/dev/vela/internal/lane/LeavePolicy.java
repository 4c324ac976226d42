package dev.vela.internal.lane;

import dev.vela.Batching;
import dev.vela.internal.scheduling.Scheduler;
import java.time.Duration;

/**
 * Decides when a lane's entry that is not full is sent, and has it wait for that time.
 *
 * <p>Not thread-safe: guarded by its owner's lock.
 */
final class LeavePolicy {
    /*
     * An entry is sent in the lane's turn (see Pace) if waiting for more messages has no benefit: no closed entry awaits
     * its hand-over, and either nothing is in flight, or few messages are in flight and no entry was closed for a part of
     * a round trip. Otherwise it is sent at the end of the interval.
     *
     * The interval is stretched to some round trips if these are longer and the lane will hear of an earlier entry: where
     * brokers are that busy, an entry for each lane and interval is more than they can store.
     */
    static final long SPACING_NANOS = 500_000; // before the first receipt, and between two looks of the timer
    static final int FEW_MESSAGES = 256;
    private static final int ENTRIES_IN_ROUND_TRIP = 8;
    private static final int ROUND_TRIPS = 2;
    private static final int MOST_INTERVALS = 10;

    private final boolean whenIdle;
    private final long interval;
    private final Scheduler scheduler;
    private final Unsent unsent;
    private final Handover handover;
    private final Pace pace;
    private final Pace.Waiter lane;
    private final Alarm alarm;
    private boolean alarmIsSet;
    private boolean awaitsTurn;
    private long lastClosed;

    /**
     * Creates a policy that waits for nothing.
     *
     * @param lane gets the turns
     * @param looksAgain run on the control thread when the alarm rings
     */
    LeavePolicy(
            Batching batching,
            LaneContext context,
            Unsent unsent,
            Handover handover,
            Pace.Waiter lane,
            Runnable looksAgain) {
        this.whenIdle = batching.flush() == Batching.Flush.WHEN_IDLE;
        this.interval = batching.flushInterval().toNanos();
        this.scheduler = context.scheduler();
        this.unsent = unsent;
        this.handover = handover;
        this.pace = context.pace();
        this.lane = lane;
        this.alarm = new Alarm(scheduler, looksAgain);
        this.lastClosed = scheduler.nanoTime() - SPACING_NANOS;
    }

    /** The longest time that a message waits for other messages, however busy the brokers are. */
    long longestWait() {
        return whenIdle ? MOST_INTERVALS * interval : interval;
    }

    /** Whether the open entry must be closed now. Otherwise it waits for the lane's turn, or for the alarm. */
    boolean isDue() {
        if (!awaitsTurn && isIdle()) {
            if (pace.isFree()) {
                return true;
            }
            awaitsTurn = true;
            pace.await(lane);
        }
        if (!alarmIsSet) {
            alarm.setIn(Duration.ofNanos(Math.max(0, untilNextLook())));
            alarmIsSet = true;
        }
        return false;
    }

    /** The same when the alarm has rung. */
    boolean isDueAfterAlarm() {
        alarmIsSet = false;
        return unsent.isOpen() && (untilOver(scheduler.nanoTime()) <= 0 || isDue());
    }

    /** The same in the lane's turn: if the entry cannot use it, the turn is lost. */
    boolean isDueInTurn() {
        awaitsTurn = false;
        return unsent.isOpen() && isIdle();
    }

    /** Whether the lane waits for its turn. */
    boolean awaitsTurn() {
        return awaitsTurn;
    }

    /** Notes that the open entry was closed. */
    void closed() {
        lastClosed = scheduler.nanoTime();
    }

    /** Waits for nothing any more: no entry is open. */
    void rest() {
        alarmIsSet = false;
        alarm.cancel();
    }

    /** Gives up the turn that the lane waits for. */
    void giveUpTurn() {
        if (awaitsTurn) {
            awaitsTurn = false;
            pace.forget(lane);
        }
    }

    /** Whether waiting for more messages has no benefit. The clock is read only where it decides. */
    private boolean isIdle() {
        return hasFewBefore() && (handover.entriesInFlight() == 0 || scheduler.nanoTime() - lastClosed >= spacing());
    }

    private boolean hasFewBefore() {
        return whenIdle && unsent.closed() == 0 && handover.inFlight() < FEW_MESSAGES;
    }

    private long spacing() {
        long roundTrip = pace.roundTrip();
        return roundTrip == 0 ? SPACING_NANOS : roundTrip / ENTRIES_IN_ROUND_TRIP;
    }

    private long untilOver(long now) {
        long wait = interval;
        if (whenIdle && handover.entriesInFlight() > 0 && pace.isBackedUp()) {
            wait = Math.max(interval, Math.min(ROUND_TRIPS * pace.roundTrip(), longestWait()));
        }
        return unsent.openSince() + wait - now;
    }

    private long untilNextLook() {
        long now = scheduler.nanoTime();
        long left = untilOver(now);
        return hasFewBefore() && !awaitsTurn
                ? Math.min(left, lastClosed + Math.max(SPACING_NANOS, spacing()) - now)
                : left;
    }
}
