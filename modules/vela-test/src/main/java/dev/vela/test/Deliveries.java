package dev.vela.test;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The answers that a mock has to give, one after the other: on a thread that calls the mock, without a lock.
 *
 * <p>Thread-safe.
 */
final class Deliveries {
    private static final ThreadLocal<Boolean> IN_CALLBACK = ThreadLocal.withInitial(() -> false);

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Queue<Runnable> due = new ArrayDeque<>();

    @GuardedBy("lock")
    private boolean delivering;

    /** Whether this thread is giving an answer of some mock, so that it must not block. */
    static boolean isInCallback() {
        return IN_CALLBACK.get();
    }

    void add(Runnable delivery) {
        lock.lock();
        try {
            due.add(delivery);
        } finally {
            lock.unlock();
        }
    }

    /** Gives all answers that are due, unless another thread, or an outer call, is doing so. */
    void deliver() {
        Runnable next = begin();
        while (next != null) {
            boolean outer = IN_CALLBACK.get();
            IN_CALLBACK.set(true);
            try {
                next.run();
            } finally {
                IN_CALLBACK.set(outer);
                end();
            }
            next = begin();
        }
    }

    private @Nullable Runnable begin() {
        lock.lock();
        try {
            if (delivering || due.isEmpty()) {
                return null;
            }
            delivering = true;
            return due.remove();
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        lock.lock();
        try {
            delivering = false;
        } finally {
            lock.unlock();
        }
    }
}
