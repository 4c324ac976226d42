package dev.vela.internal.scheduling;

import java.time.Duration;
import java.util.Comparator;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/**
 * A scheduler whose time passes, and whose tasks run, only when the test says so, on the thread of the test.
 *
 * <p>Tasks run in time order, and in the order given among those due together. A task that throws fails the test that
 * runs it. Tasks may be given from any thread; only one may run them.
 */
public final class ManualScheduler implements Scheduler {

    /*
     * The clock starts one second before it overflows, so that a test which lets more time than that pass also finds
     * out who compares nanoseconds by value and not by subtraction. The queue is ordered by time elapsed, which starts
     * at zero.
     */
    private static final long ORIGIN = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(1);

    private static final int TOO_MANY = 1_000_000;

    private final PriorityQueue<Task> queue =
            new PriorityQueue<>(Comparator.comparingLong(Task::due).thenComparingLong(Task::sequence));
    private long elapsed;
    private long given;

    @Override
    public synchronized long nanoTime() {
        return ORIGIN + elapsed;
    }

    /** The thread of a test takes the place of the control thread. */
    @Override
    public boolean isCurrent() {
        return true;
    }

    @Override
    public void execute(Runnable task) {
        schedule(Duration.ZERO, task);
    }

    @Override
    public synchronized Cancellable schedule(Duration delay, Runnable task) {
        Objects.requireNonNull(task, "task");
        long nanos = Math.max(0, TimeUnit.NANOSECONDS.convert(delay));
        Task queued = new Task(saturatedSum(elapsed, nanos), given++, task);
        queue.add(queued);
        return () -> remove(queued);
    }

    /** Lets time pass, and runs all that falls due meanwhile, each at its own time. */
    public void advance(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("duration must be >= 0, was " + duration);
        }
        long end = saturatedSum(elapsed(), TimeUnit.NANOSECONDS.convert(duration));
        runUntil(end);
        synchronized (this) {
            elapsed = end;
        }
    }

    /** Runs all that is due now, and all that this makes due, without letting time pass. */
    public void runPending() {
        runUntil(elapsed());
    }

    /** How many tasks are waiting, due or not. */
    public synchronized int pending() {
        return queue.size();
    }

    private void runUntil(long end) {
        for (int ran = 0; ran < TOO_MANY; ran++) {
            Runnable next = next(end);
            if (next == null) {
                return;
            }
            next.run();
        }
        throw new AssertionError("no end of tasks: " + TOO_MANY + " ran");
    }

    private synchronized Runnable next(long end) {
        Task first = queue.peek();
        if (first == null || first.due > end) {
            return null;
        }
        queue.remove();
        elapsed = Math.max(elapsed, first.due);
        return first.work;
    }

    private synchronized long elapsed() {
        return elapsed;
    }

    private synchronized void remove(Task task) {
        queue.remove(task);
    }

    private static long saturatedSum(long a, long b) {
        return b > Long.MAX_VALUE - a ? Long.MAX_VALUE : a + b;
    }

    private record Task(long due, long sequence, Runnable work) {}
}
