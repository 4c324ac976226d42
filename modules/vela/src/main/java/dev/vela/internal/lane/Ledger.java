package dev.vela.internal.lane;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Counts the messages of a handle that were accepted and have not been answered. Thread-safe. */
public final class Ledger {
    /*
     * Two counters that only grow, each on a cache line of its own: those who send change the one, those who answer the
     * other. What is open is their difference, read in such an order that it is never too low: first the answered ones.
     */
    private static final int OPENED = 8;
    private static final int ANSWERED = 24;
    private final AtomicLongArray counts = new AtomicLongArray(32);
    private final AtomicReference<@Nullable CompletableFuture<Void>> settled = new AtomicReference<>();

    void opened() {
        counts.incrementAndGet(OPENED);
    }

    void answered(int messages) {
        counts.addAndGet(ANSWERED, messages);
        CompletableFuture<Void> waiter = settled.get();
        if (waiter != null && open() == 0) {
            waiter.complete(null);
        }
    }

    /** Accepted and not answered now. */
    public long open() {
        long answered = counts.get(ANSWERED);
        return counts.get(OPENED) - answered;
    }

    /** Completes when nothing is open, on whatever thread sees it first. Only once intake has ended. */
    public CompletableFuture<Void> whenSettled() {
        CompletableFuture<Void> waiter = settled.updateAndGet(set -> set == null ? new CompletableFuture<>() : set);
        if (open() == 0) {
            waiter.complete(null);
        }
        return waiter;
    }
}
