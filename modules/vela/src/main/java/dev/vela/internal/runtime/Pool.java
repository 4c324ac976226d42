package dev.vela.internal.runtime;

import dev.vela.internal.scheduling.Scheduler;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pool of threads that end after being idle for a while. It runs every given task, once, even if no thread can be
 * started for a time: {@link #execute} does not throw.
 *
 * <p>Thread-safe, except {@link #relieve}. A closed pool runs a task on the calling thread.
 */
final class Pool implements Executor {
    private static final Logger log = LoggerFactory.getLogger(Pool.class);
    private static final Duration NEXT_TRY = Duration.ofMillis(20);
    private static final long IDLE_SECONDS = 10;

    /*
     * On a machine that is out of threads, or of memory, Thread.start throws. ThreadPoolExecutor passes the exception
     * on to the caller and drops the task, although an answer, an event or a creation may wait for it. Tasks that could
     * not be run wait here for the next try.
     *
     * A closed control thread drops its timers. The pool is closed after the control thread, and its close runs the
     * postponed tasks. A thread that postpones a task checks afterwards whether the pool has been closed.
     */
    private final Queue<Runnable> postponed = new ConcurrentLinkedQueue<>();

    private final String name;
    private final Scheduler timers;
    private final ThreadPoolExecutor threads;
    private final int step;
    private volatile boolean ended;
    private long completedBefore = -1; // control thread only, like all of relieve

    Pool(String name, int size, ThreadFactory factory, Scheduler timers) {
        this.name = name;
        this.timers = timers;
        this.step = size;
        this.threads = new ThreadPoolExecutor(
                size, size, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
        threads.setRejectedExecutionHandler((late, closed) -> runHere(late));
        threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public void execute(Runnable task) {
        try {
            threads.execute(task);
        } catch (Throwable noThread) {
            log.warn("{} could not start a thread: the task is tried again in {}", name, NEXT_TRY, noThread);
            postponed.add(task);
            timers.schedule(NEXT_TRY, this::runNextPostponed);
            if (ended) {
                runAllPostponed();
            }
        }
    }

    private static void runHere(Runnable task) {
        try {
            task.run();
        } catch (Throwable failure) { // otherwise execute would assume a lack of threads and run the task again
            log.error("A task failed on {}", Thread.currentThread().getName(), failure);
        }
    }

    /** Runs one task per timer: a task that is postponed again gets another timer. */
    private void runNextPostponed() {
        Runnable task = postponed.poll();
        if (task != null) {
            execute(task);
        }
    }

    private void runAllPostponed() {
        for (Runnable task = postponed.poll(); task != null; task = postponed.poll()) {
            runHere(task);
        }
    }

    /** Whether tasks wait for a thread. */
    boolean isAwaited() {
        return !threads.isShutdown() && !threads.getQueue().isEmpty();
    }

    /**
     * Adds threads if tasks wait and none was completed since the last call: then all threads are blocked, for instance
     * by user code. Control thread only, each second.
     */
    void relieve() {
        long completed = threads.getCompletedTaskCount();
        if (completed == completedBefore && !threads.getQueue().isEmpty()) {
            int more = threads.getCorePoolSize() + step;
            threads.setMaximumPoolSize(more);
            threads.setCorePoolSize(more);
        }
        completedBefore = completed;
    }

    /** Ends each thread as soon as it is idle. Later tasks still run, on threads that end the same way. */
    void endWhenIdle() {
        threads.setKeepAliveTime(1, TimeUnit.MILLISECONDS);
        ended = true;
        runAllPostponed();
    }

    /** Whether the pool was closed. */
    boolean isClosed() {
        return threads.isShutdown();
    }

    /** Ends the threads once the given tasks are done. Returns at once. */
    void close() {
        threads.shutdown();
        ended = true;
        runAllPostponed();
    }
}
