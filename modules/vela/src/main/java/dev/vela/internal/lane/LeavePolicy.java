package dev.vela.internal.lane;

import dev.vela.Batching;
import dev.vela.internal.scheduling.Scheduler;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Decides when a lane's entry that is not full is sent, and has it wait for that time.
 *
 * <p>Not thread-safe: guarded by its owner's lock.
 */
final class LeavePolicy {
    /*
     * An entry is sent in the lane's turn (see Pace) if waiting for more messages has no benefit: no closed entry
     * awaits its hand-over, and either nothing is in flight, or few messages are in flight and no entry was closed for
     * a part of a round trip. Otherwise it is sent at the end of the interval.
     *
     * The interval is stretched to some round trips if these are longer and the lane will hear of an earlier entry:
     * where brokers are that busy, an entry for each lane and interval is more than they can store. It is not stretched
     * beyond what the deadlines of the messages leave.
     */
    static final long SPACING_NANOS = 500_000; // before the first receipt, and between two looks of the alarm
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
    private final Pace.Place place;
    private final Alarm alarm;
    private boolean alarmIsSet;
    private boolean alarmIsStretched;

    /**
     * Creates a policy that waits for nothing.
     *
     * @param takeTurn sends the open entry, and returns whether there was one to send
     * @param lookAgain run on the control thread when the alarm rings
     */
    LeavePolicy(
            Batching batching,
            LaneContext context,
            Unsent unsent,
            Handover handover,
            BooleanSupplier takeTurn,
            Runnable lookAgain) {
        this.whenIdle = batching.flush() == Batching.Flush.WHEN_IDLE;
        this.interval = batching.flushInterval().toNanos();
        this.scheduler = context.scheduler();
        this.unsent = unsent;
        this.handover = handover;
        this.pace = context.pace();
        this.place = new Pace.Place(takeTurn);
        this.alarm = new Alarm(scheduler, lookAgain);
    }

    /** Whether a message that was just added to the open entry has no time to wait. */
    boolean isUrgent(Send last) {
        long left = last.deadline() - unsent.openSince();
        return (!whenIdle && last.isUrgent())
                || left <= interval
                || (left <= (MOST_INTERVALS + 1) * interval && isStretched() && left <= interval + stretched());
    }

    /** Whether the open entry must be closed now. Otherwise it waits for the lane's turn, or for the alarm. */
    boolean isDue() {
        boolean isIdle = !place.isQueued() && isIdle();
        if (isIdle && pace.isFree()) {
            return true;
        }
        if (!alarmIsSet || (alarmIsStretched && !isStretched())) {
            setAlarm(isIdle);
        }
        if (isIdle) {
            pace.await(place);
        }
        return false;
    }

    /** The same when the alarm has rung. */
    boolean isDueAfterAlarm() {
        alarmIsSet = false;
        return unsent.isOpen() && (untilOver(scheduler.nanoTime()) <= 0 || isDue());
    }

    /** Whether the lane waits for its turn. */
    boolean awaitsTurn() {
        return place.isQueued();
    }

    /** Waits for nothing any more: no entry is open. */
    void rest() {
        alarmIsSet = false;
        alarm.cancel();
        pace.forget(place);
    }

    /** Whether waiting for more messages has no benefit. The clock is read only where it decides. */
    boolean isIdle() {
        return hasFewBefore()
                && (handover.entriesInFlight() == 0 || scheduler.nanoTime() - unsent.lastClosed() >= spacing());
    }

    private boolean hasFewBefore() {
        return whenIdle && unsent.closed() == 0 && handover.inFlight() < FEW_MESSAGES;
    }

    private long spacing() {
        long roundTrip = pace.roundTrip();
        return roundTrip == 0 ? SPACING_NANOS : roundTrip / ENTRIES_IN_ROUND_TRIP;
    }

    /** The interval as it is now: some round trips if these are longer and a receipt will come. */
    private long stretched() {
        return whenIdle && handover.entriesInFlight() > 0 && pace.isBackedUp()
                ? Math.max(interval, Math.min(ROUND_TRIPS * pace.roundTrip(), MOST_INTERVALS * interval))
                : interval;
    }

    private long untilOver(long now) {
        long since = unsent.openSince();
        long wait = Math.min(stretched(), unsent.openDeadline() - since - interval);
        return since + Math.max(interval, wait) - now;
    }

    private boolean isStretched() {
        return stretched() > interval;
    }

    private void setAlarm(boolean willAwaitTurn) {
        long now = scheduler.nanoTime();
        long left = untilOver(now);
        long next = hasFewBefore() && !place.isQueued() && !willAwaitTurn
                ? Math.min(left, unsent.lastClosed() + Math.max(SPACING_NANOS, spacing()) - now)
                : left;
        alarmIsStretched = next > interval;
        alarm.setIn(Duration.ofNanos(Math.max(0, next)));
        alarmIsSet = true;
    }
}
