package dev.vela.internal.scheduling;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The scheduler of a running application: one daemon thread, created for the first task.
 *
 * <p>Thread-safe. The exception of a task is logged, and the next task runs. After {@link #close()}, tasks that were
 * already due still run, timers are forgotten, and later tasks are dropped silently.
 */
public final class ControlThread implements Scheduler, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ControlThread.class);

    private final String name;
    private final ScheduledThreadPoolExecutor executor;
    private volatile @Nullable Thread thread;

    /**
     * Creates a control thread that starts with its first task.
     *
     * @param name the name of the thread
     */
    public ControlThread(String name) {
        this.name = Objects.requireNonNull(name, "name");
        executor = new ScheduledThreadPoolExecutor(1, this::newThread, new ThreadPoolExecutor.DiscardPolicy());
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public void execute(Runnable task) {
        Objects.requireNonNull(task, "task");
        executor.execute(() -> run(task));
    }

    @Override
    public Cancellable schedule(Duration delay, Runnable task) {
        Objects.requireNonNull(task, "task");
        long nanos = TimeUnit.NANOSECONDS.convert(delay);
        ScheduledFuture<?> timer = executor.schedule(() -> run(task), nanos, TimeUnit.NANOSECONDS);
        return () -> timer.cancel(false);
    }

    @Override
    public boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    /** Ends the thread once it has run the tasks that are due now. Returns at once. Idempotent. */
    @Override
    public void close() {
        executor.shutdown();
    }

    @Override
    public String toString() {
        return "ControlThread[" + name + "]";
    }

    private Thread newThread(Runnable work) {
        Thread created = new Thread(work, name);
        created.setDaemon(true);
        thread = created;
        return created;
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable failure) {
            log.error("A task on {} failed", name, failure);
        }
    }
}
