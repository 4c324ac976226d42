package dev.vela.bench;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Bounds what is outstanding. The thread that made it enters; any may leave.
 *
 * <p>When it is full, the sender waits until half of it is free, so that it is woken once for many receipts.
 */
final class Window {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long LOOK_AGAIN_NANOS = Duration.ofMillis(100).toNanos();
    private static final int NOT_WAITING = -1;

    private final int limit;
    private final Thread sender = Thread.currentThread();
    private final AtomicInteger outstanding = new AtomicInteger();
    private volatile int wakeAt = NOT_WAITING;

    Window(int limit) {
        this.limit = limit;
    }

    /** Waits until there is room, and takes it. */
    void enter() throws TimeoutException {
        if (outstanding.get() >= limit) {
            await(limit / 2);
        }
        outstanding.incrementAndGet();
    }

    void leave() {
        if (outstanding.decrementAndGet() == wakeAt) {
            LockSupport.unpark(sender);
        }
    }

    /** Waits until nothing is outstanding. */
    void awaitEmpty() throws TimeoutException {
        await(0);
    }

    private void await(int mark) throws TimeoutException {
        long start = System.nanoTime();
        wakeAt = mark;
        while (outstanding.get() > mark) {
            LockSupport.parkNanos(this, LOOK_AGAIN_NANOS);
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new TimeoutException(outstanding.get() + " messages without an answer for " + PATIENCE);
            }
        }
        wakeAt = NOT_WAITING;
    }
}
