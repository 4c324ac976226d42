package dev.vela.internal.lane;

import dev.vela.internal.scheduling.Scheduler;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One timer that is set repeatedly: a new setting replaces the previous one.
 *
 * <p>Not thread-safe: guarded by its owner's lock. A timer that is already due may still fire after it was replaced.
 */
final class Alarm {
    private final Scheduler scheduler;
    private final Runnable rings;
    private Scheduler.@Nullable Cancellable timer;

    /**
     * Creates an alarm that is not set.
     *
     * @param rings the action, run on the control thread
     */
    Alarm(Scheduler scheduler, Runnable rings) {
        this.scheduler = scheduler;
        this.rings = rings;
    }

    /** Sets the alarm for this time of the scheduler; fires at once if the time has passed. */
    void setFor(long time) {
        setIn(Duration.ofNanos(Math.max(0, time - scheduler.nanoTime())));
    }

    /** Sets the alarm to fire after this delay. */
    void setIn(Duration delay) {
        cancel();
        timer = scheduler.schedule(delay, rings);
    }

    /**
     * Cancels the alarm until it is set again, and drops the timer, so that nothing refers to the owner. Idempotent.
     */
    void cancel() {
        Scheduler.Cancellable set = timer;
        if (set != null) {
            timer = null;
            set.cancel();
        }
    }
}
