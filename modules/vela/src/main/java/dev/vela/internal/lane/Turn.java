package dev.vela.internal.lane;

import dev.vela.internal.scheduling.Scheduler;
import java.time.Duration;

/**
 * The part of a long piece of work that a thread does before other work gets its turn: a limited number of steps, for a
 * limited time. Each turn does at least one step, no matter how long the step takes.
 *
 * <p>Not thread-safe: each turn belongs to one thread.
 */
final class Turn {
    static final int MOST_STEPS = 64;
    static final long MOST_NANOS = Duration.ofMillis(1).toNanos();

    private static final int REST = 4;

    private final Scheduler clock;
    private final long begun;
    private int steps;

    /** Creates a turn that begins now. */
    Turn(Scheduler clock) {
        this.clock = clock;
        this.begun = clock.nanoTime();
    }

    /**
     * The delay until work that is as long as a queue and cannot be split into turns may run again: the thread first
     * has several times as long for other work.
     *
     * @param wanted the time until the work is due
     * @param took the nanoseconds that the work took this time
     */
    static Duration rested(Duration wanted, long took) {
        long rest = REST * took;
        return wanted.toNanos() < rest ? Duration.ofNanos(rest) : wanted;
    }

    /** Counts a completed step. Returns whether the turn is over. */
    boolean isOverAfterStep() {
        return ++steps >= MOST_STEPS || clock.nanoTime() - begun >= MOST_NANOS;
    }
}
