package dev.vela.internal.runtime;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A share of a pool: runs tasks on the pool's threads, at most a given number at once, so that blocking tasks hold no
 * more threads than that. Other tasks wait here, in the order of their arrival.
 *
 * <p>Thread-safe; never blocks.
 */
final class Share implements Executor {
    private static final Logger log = LoggerFactory.getLogger(Share.class);

    private final Executor pool;
    private final int most;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Deque<Runnable> waiting = new ArrayDeque<>(1); // empty unless the maximum number of tasks runs

    @GuardedBy("lock")
    private int running;

    Share(Executor pool, int most) {
        this.pool = pool;
        this.most = most;
    }

    @Override
    public void execute(Runnable task) {
        lock.lock();
        try {
            if (running == most) {
                waiting.add(task);
                return;
            }
            running++;
        } finally {
            lock.unlock();
        }
        boolean begun = false;
        try {
            pool.execute(() -> run(task));
            begun = true;
        } finally {
            if (!begun) {
                lock.lock();
                try {
                    running--;
                } finally {
                    lock.unlock();
                }
            }
        }
    }

    private void run(Runnable first) {
        Runnable task = first;
        while (task != null) {
            try {
                task.run();
            } catch (Throwable e) {
                log.error("A call of the client failed", e);
            }
            task = next();
        }
    }

    private @Nullable Runnable next() {
        lock.lock();
        try {
            Runnable next = waiting.poll();
            if (next == null) {
                running--;
            }
            return next;
        } finally {
            lock.unlock();
        }
    }
}
