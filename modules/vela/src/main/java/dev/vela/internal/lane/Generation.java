package dev.vela.internal.lane;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The messages that a handle accepted between two flushes: how many, and how many of them have been completed.
 *
 * <p>Thread-safe; never blocks. Completing the last message only queues work for other threads, so the caller may hold
 * a lock.
 */
final class Generation {
    /*
     * Two counters only grow, each on a separate cache line: senders change one, completing threads the other. The
     * completed count is read first, so the difference is never too low.
     *
     * A failure is noted before its message is counted as completed, in a linked list of which only the end is kept. A
     * waiter keeps the end that it found. So once all messages are completed, the next element after that end is the
     * first failure during the wait.
     */
    private static final int ACCEPTED = 8;
    private static final int COMPLETED = 24;

    private final OpenSends owner;
    private final AtomicLongArray counts = new AtomicLongArray(32);
    private final AtomicReference<@Nullable Waiter> waiters = new AtomicReference<>();
    private final AtomicReference<Failed> lastFailed = new AtomicReference<>(new Failed(null));

    /** A failure of one message, or none, and a link to the next failure. */
    private static final class Failed {
        private final @Nullable Throwable cause;
        private volatile @Nullable Failed next;

        Failed(@Nullable Throwable cause) {
            this.cause = cause;
        }
    }

    /** One flush, or stop, that waits until all messages are completed; linked to earlier waiters. */
    private static final class Waiter {
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private final Failed before;
        private @Nullable Waiter next; // published by waiters

        Waiter(Failed before) {
            this.before = before;
        }
    }

    /** Creates an empty generation of a handle's messages. */
    Generation(OpenSends owner) {
        this.owner = owner;
    }

    /** Whether its messages belong to the given handle. */
    boolean isOf(OpenSends other) {
        return owner == other;
    }

    /** Counts messages as accepted. */
    void accepted(int messages) {
        counts.addAndGet(ACCEPTED, messages);
    }

    /** Notes the failure of messages that are about to be counted as completed; null for none. */
    void failed(@Nullable Throwable cause) {
        if (cause != null) {
            Failed failed = new Failed(cause);
            lastFailed.getAndSet(failed).next = failed;
        }
    }

    /** Counts messages as completed: an answer once its callbacks have returned, a credit for what is left of it. */
    void completed(int messages) {
        counts.addAndGet(COMPLETED, messages);
        if (waiters.get() != null && isDone()) {
            tellWaiters();
        }
    }

    /** The number of accepted messages that are not completed. */
    long open() {
        long completed = counts.get(COMPLETED);
        return counts.get(ACCEPTED) - completed;
    }

    /** Whether all accepted messages are completed. */
    boolean isDone() {
        return open() == 0;
    }

    /**
     * Completes when all messages are completed: with the first failure since this call, if any. Only for a generation
     * that is no longer current.
     */
    CompletableFuture<Void> whenDone() {
        Waiter waiter = new Waiter(Objects.requireNonNull(lastFailed.get()));
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
            Failed first = waiter.before.next;
            if (first == null || first.cause == null) {
                waiter.done.complete(null);
            } else {
                waiter.done.completeExceptionally(first.cause);
            }
            waiter = waiter.next;
        }
    }
}
