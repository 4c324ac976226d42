package dev.vela.internal.supervision;

import dev.vela.internal.scheduling.Scheduler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The time at which a stopping supervisor loses patience and kills its remaining children. There is no such time until
 * one is set, and it only ever becomes earlier. Confined to the control thread.
 */
final class StopDeadline {

    /*
     * A tenth of the supervisor's time, at most KILL_GRACE, is kept back, so that the supervisor can kill and abandon a
     * child of its own before its parent does the same to the supervisor. Otherwise one stuck child would cause every
     * supervisor above it to be abandoned, too.
     *
     * Worked example: a root that is told to stop within 10 s has 9 s for its children. A group under it whose shutdown
     * is 10 s is told 9 s, and kills its own children after 8.1 s. A child that ignores even the kill is abandoned at
     * 9.1 s. The group then ends, and the root, which killed the group at 9 s, sees that before its own patience ends
     * at 10 s.
     */

    private final Scheduler scheduler;
    private final Runnable kill;
    private Scheduler.@Nullable Cancellable timer;
    private long killAt;

    StopDeadline(Scheduler scheduler, Runnable kill) {
        this.scheduler = scheduler;
        this.kill = kill;
    }

    /**
     * Schedules the kill of the remaining children, in time for all to be over at the deadline, unless the kill is due
     * earlier anyway.
     */
    void set(Duration deadline) {
        Duration reserve = min(ChildSlot.KILL_GRACE, deadline.dividedBy(10));
        long patience = TimeUnit.NANOSECONDS.convert(deadline.minus(reserve));
        if (timer != null && patience >= remaining()) {
            return;
        }
        clear();
        killAt = scheduler.nanoTime() + patience;
        timer = scheduler.schedule(Duration.ofNanos(patience), kill);
    }

    /** The time that a child may take to stop: its shutdown time, or the rest if that is shorter; never negative. */
    Duration clip(Duration shutdown) {
        return timer == null ? shutdown : min(shutdown, Duration.ofNanos(Math.max(0, remaining())));
    }

    /** Forgets the deadline. */
    void clear() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    private long remaining() {
        return killAt - scheduler.nanoTime();
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
