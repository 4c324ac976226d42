package dev.vela.internal.lane;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The messages that a handle accepted between two flushes: how many, and how many of them have been completed.
 *
 * <p>Thread-safe; never blocks. Completing the last one only ever queues work for others, so a lock may be held.
 */
final class Generation {
    /*
     * Two counters that only grow, each on a cache line of its own: senders change the one, completing threads the other.
     * Their difference is read in an order that never makes it too low: the completed ones first.
     *
     * A failure is noted before its message is counted as completed. So a waiter that is told that all are completed sees each
     * failure that came after it began to wait: it compares the last failure with the one that it found then.
     */
    private static final int ACCEPTED = 8;
    private static final int COMPLETED = 24;

    private final OpenSends owner;
    private final AtomicLongArray counts = new AtomicLongArray(32);
    private final AtomicReference<@Nullable Waiter> waiters = new AtomicReference<>();
    private volatile @Nullable Failed lastFailed;

    /** A failure of one completion. Compared by identity: each is another one. */
    private static final class Failed {
        private final Throwable cause;

        Failed(Throwable cause) {
            this.cause = cause;
        }
    }

    /** One flush, or stop, that waits until all are completed; linked to those that came before it. */
    private static final class Waiter {
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private final @Nullable Failed before;
        private @Nullable Waiter next; // published by waiters

        Waiter(@Nullable Failed before) {
            this.before = before;
        }
    }

    /** Creates an empty generation of a handle's messages. */
    Generation(OpenSends owner) {
        this.owner = owner;
    }

    /** Whether its messages are those of the given handle. */
    boolean isOf(OpenSends other) {
        return owner == other;
    }

    /** Counts messages as accepted. */
    void accepted(int messages) {
        counts.addAndGet(ACCEPTED, messages);
    }

    /**
     * Counts messages as completed, after their callbacks have returned.
     *
     * @param failure the failure of one of them, or null
     */
    void completed(int messages, @Nullable Throwable failure) {
        if (failure != null) {
            lastFailed = new Failed(failure);
        }
        counts.addAndGet(COMPLETED, messages);
        if (waiters.get() != null && isDone()) {
            tellWaiters();
        }
    }

    /** Accepted messages that are not completed. */
    long open() {
        long completed = counts.get(COMPLETED);
        return counts.get(ACCEPTED) - completed;
    }

    /** Whether all accepted messages are completed. */
    boolean isDone() {
        return open() == 0;
    }

    /**
     * Completes when all messages are completed: with the failure of one, if any fails from now on. Only for a generation that
     * is not the current one any more.
     */
    CompletableFuture<Void> whenDone() {
        Waiter waiter = new Waiter(lastFailed);
        do {
            waiter.next = waiters.get();
        } while (!waiters.compareAndSet(waiter.next, waiter));
        if (isDone()) {
            tellWaiters();
        }
        return waiter.done;
    }

    private void tellWaiters() {
        Waiter waiter = waiters.getAndSet(null);
        while (waiter != null) {
            Failed last = lastFailed;
            if (last == null || last == waiter.before) {
                waiter.done.complete(null);
            } else {
                waiter.done.completeExceptionally(last.cause);
            }
            waiter = waiter.next;
        }
    }
}
