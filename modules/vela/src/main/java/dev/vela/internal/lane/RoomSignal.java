package dev.vela.internal.lane;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The signal for which callers wait until a budget may have room again.
 *
 * <p>Thread-safe. A waiter announces itself with {@link #enter()} before it checks the budgets once more, so that it
 * does not miss room released in between, and leaves with {@link #leave()}.
 */
public final class RoomSignal {
    /*
     * A release without announced waiters reads one volatile and takes no lock. Otherwise it wakes all waiters: they
     * may wait for different budgets, so waking a single waiter could wake the wrong one. Budgets keep this rare: they
     * signal only when they fall below their mark, not on each release.
     */
    private final AtomicInteger waiters = new AtomicInteger();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition signalled = lock.newCondition();

    @GuardedBy("lock")
    private long signals;

    /** Announces a waiter. Returns a ticket for {@link #await}. */
    public long enter() {
        waiters.incrementAndGet();
        lock.lock();
        try {
            return signals;
        } finally {
            lock.unlock();
        }
    }

    public void leave() {
        waiters.decrementAndGet();
    }

    /** Waits for a signal later than the ticket, at most for the given time. Returns the next ticket. */
    public long await(long ticket, long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (signals == ticket && left > 0) {
                left = signalled.awaitNanos(left);
            }
            return signals;
        } finally {
            lock.unlock();
        }
    }

    /** Whether a waiter has announced itself. */
    boolean isAwaited() {
        return waiters.get() > 0;
    }

    /** Wakes all waiters, if any. */
    public void signal() {
        if (!isAwaited()) {
            return;
        }
        lock.lock();
        try {
            signals++;
            signalled.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
