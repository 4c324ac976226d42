package dev.vela.internal.supervision;

import dev.vela.internal.scheduling.Scheduler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * When a stopping supervisor loses patience and kills the children it still has. There is no such time until one is
 * set, and it only ever comes nearer. Confined to the control thread.
 */
final class StopDeadline {

    /*
     * A tenth of what the supervisor was given, at most KILL_GRACE, is kept back, so that it can kill and abandon a
     * child of its own before its parent does the same to it. Otherwise one stuck child would have every supervisor
     * above it abandoned, too.
     *
     * Worked example: a root told to stop within 10 s has 9 s for its children. A group under it whose shutdown is
     * 10 s is told 9 s, and kills its own children after 8.1 s. One that ignores even that is abandoned at 9.1 s; the
     * group ends, the root, which killed it at 9 s, sees that before its patience ends at 10 s.
     */

    private final Scheduler scheduler;
    private final Runnable kill;
    private Scheduler.@Nullable Cancellable timer;
    private long killAt;

    StopDeadline(Scheduler scheduler, Runnable kill) {
        this.scheduler = scheduler;
        this.kill = kill;
    }

    /** Has the rest killed in time for all to be over at the deadline, unless that was to happen earlier anyway. */
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

    /** What a child may take to stop, out of what its specification grants it; never negative. */
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
