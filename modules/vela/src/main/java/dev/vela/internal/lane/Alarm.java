package dev.vela.internal.lane;

import dev.vela.internal.scheduling.Scheduler;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One timer, set again and again: a later setting replaces the one before.
 *
 * <p>Not thread-safe: guarded by its owner's lock. One that is due already may still ring after it was replaced.
 */
final class Alarm {
    private final Scheduler scheduler;
    private final Runnable rings;
    private Scheduler.@Nullable Cancellable timer;

    /**
     * Creates an alarm that is not set.
     *
     * @param rings run on the control thread
     */
    Alarm(Scheduler scheduler, Runnable rings) {
        this.scheduler = scheduler;
        this.rings = rings;
    }

    /** Rings at this time of the scheduler, or at once if it has passed. */
    void setFor(long time) {
        setIn(Duration.ofNanos(Math.max(0, time - scheduler.nanoTime())));
    }

    /** Rings after this delay. */
    void setIn(Duration delay) {
        cancel();
        timer = scheduler.schedule(delay, rings);
    }

    /** Does not ring until it is set again. Holds nothing more of its owner. Idempotent. */
    void cancel() {
        Scheduler.Cancellable set = timer;
        if (set != null) {
            timer = null;
            set.cancel();
        }
    }
}
