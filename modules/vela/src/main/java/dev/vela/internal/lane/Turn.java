package dev.vela.internal.lane;

import dev.vela.internal.scheduling.Scheduler;
import java.time.Duration;

/**
 * How much of a long piece of work a thread does before others have their turn: so many steps, and no more than so much
 * time. At least one step is done in each turn, however long it takes.
 *
 * <p>Not thread-safe: each turn is one thread's.
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
     * When to do again what is as long as a queue and cannot be done in turns: not before the thread has had several times as
     * long for other things.
     *
     * @param wanted how long until it is due
     * @param took nanoseconds that it took this time
     */
    static Duration rested(Duration wanted, long took) {
        long rest = REST * took;
        return wanted.toNanos() < rest ? Duration.ofNanos(rest) : wanted;
    }

    /** Counts a step that has been done. Returns whether the turn is over. */
    boolean isOverAfterStep() {
        return ++steps >= MOST_STEPS || clock.nanoTime() - begun >= MOST_NANOS;
    }
}
