package dev.vela.internal.scheduling;

import java.time.Duration;

/**
 * The clock, the timers and the one thread of a control plane.
 *
 * <p>Its tasks run one at a time, in the order in which they fall due, and among those due together in the order in
 * which they were given. What only tasks touch therefore needs no lock. All methods may be called from any thread,
 * never block, and never run a task before they return.
 */
public interface Scheduler {

    /** The current time in nanoseconds from an arbitrary origin: compare two of them by subtraction only. */
    long nanoTime();

    /** Whether the caller is on the control thread. */
    boolean isCurrent();

    /** Where assertions are enabled: fails unless the caller is on the control thread. */
    default void assertCurrent() {
        assert isCurrent()
                : "must be on the control thread, was on "
                        + Thread.currentThread().getName();
    }

    /** Runs a task on the control thread, after those already due. */
    void execute(Runnable task);

    /** Runs a task on the control thread once the delay has passed; at once if it is zero or negative. */
    Cancellable schedule(Duration delay, Runnable task);

    /** A task that has been scheduled and may be called off. */
    interface Cancellable {

        /**
         * Calls the task off, unless it has run or is running. Idempotent. Called on the control thread, it makes
         * sure that a task that has not begun never will.
         */
        void cancel();
    }
}
