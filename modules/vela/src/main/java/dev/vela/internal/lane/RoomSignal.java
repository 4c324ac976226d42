package dev.vela.internal.lane;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Where callers wait until a budget may have room again.
 *
 * <p>Thread-safe. A waiter announces itself with {@link #enter()} before it looks at the budgets once more, so that room
 * made in between is not missed, and leaves with {@link #leave()}.
 */
public final class RoomSignal {
    /*
     * A release that finds nobody announced touches one volatile and no lock. One that does wakes everybody: waiters may
     * want different budgets, so waking one could wake the wrong one. Budgets keep this rare by signalling only when they
     * fall below their mark, not with each release.
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

    /** Waits for a signal after the ticket was drawn, up to the given time. Returns the next ticket. */
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

    /** Whether anybody has announced itself. */
    boolean isAwaited() {
        return waiters.get() > 0;
    }

    /** Wakes all waiters, if there are any. */
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
