package dev.vela.internal.scheduling;

import java.time.Duration;

/**
 * The clock, the timers and the single thread of a control plane.
 *
 * <p>Tasks run one at a time, in the order in which they fall due; tasks that fall due together run in the order in
 * which they were given. State that only tasks touch therefore needs no lock. All methods may be called from any
 * thread, never block, and never run a task within the call.
 */
public interface Scheduler {

    /** The current time in nanoseconds from an arbitrary origin: compare two times by subtraction only. */
    long nanoTime();

    /** Whether the caller is on the control thread. */
    boolean isCurrent();

    /** Fails unless the caller is on the control thread, if assertions are enabled. */
    default void assertCurrent() {
        assert isCurrent()
                : "must be on the control thread, was on "
                        + Thread.currentThread().getName();
    }

    /** Runs a task on the control thread, after those already due. */
    void execute(Runnable task);

    /** Runs a task on the control thread once the delay has passed; at once if it is zero or negative. */
    Cancellable schedule(Duration delay, Runnable task);

    /** A scheduled task that can be cancelled. */
    interface Cancellable {

        /**
         * Cancels the task, unless it has run or is running. Idempotent. A call on the control thread makes sure that a
         * task that has not begun never begins.
         */
        void cancel();
    }
}
