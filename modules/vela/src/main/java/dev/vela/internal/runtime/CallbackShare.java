package dev.vela.internal.runtime;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One handle's share of the callback threads: a few threads at a time, for all of its partitions together. Further
 * tasks wait their turn.
 *
 * <p>Thread-safe; never blocks.
 */
public final class CallbackShare implements Executor {
    private static final Logger log = LoggerFactory.getLogger(CallbackShare.class);

    static final int THREADS = 4;

    /*
     * No lock, since answers are queued while locks of the lane and of the client are held. No task is left behind: a
     * thread that queues a task looks for a free thread afterwards, and a thread that becomes free looks for a task
     * afterwards.
     */
    private final RuntimeResources engine;
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger running = new AtomicInteger();

    public CallbackShare(RuntimeResources engine) {
        this.engine = engine;
    }

    @Override
    public void execute(Runnable task) {
        waiting.add(task);
        startWaiting();
    }

    private void startWaiting() {
        while (!waiting.isEmpty() && takeThread()) {
            Runnable next = waiting.poll();
            if (next != null) {
                start(next);
                return;
            }
            running.decrementAndGet();
        }
    }

    private boolean takeThread() {
        int before = running.get();
        while (before < THREADS) {
            if (running.compareAndSet(before, before + 1)) {
                return true;
            }
            before = running.get();
        }
        return false;
    }

    private void start(Runnable task) {
        engine.callbacks().execute(() -> run(task));
    }

    /**
     * Runs a task and schedules the next, behind tasks of other handles that already wait. Once the runtime is closed
     * there is no queue to join, and the pool runs each task within the call. So the next task runs here then, or many
     * tasks would overflow the stack.
     */
    private void run(Runnable first) {
        Runnable task = first;
        while (task != null) {
            try {
                task.run();
            } catch (Throwable failure) {
                log.error("A task failed on {}", Thread.currentThread().getName(), failure);
            }
            task = waiting.poll();
            if (task != null && !engine.areCallbacksOver()) {
                start(task);
                return;
            }
        }
        running.decrementAndGet();
        startWaiting();
    }

    /** Whether any task waits for a thread, of this handle or of another. */
    public boolean isAwaited() {
        return !waiting.isEmpty() || engine.areCallbacksAwaited();
    }
}
