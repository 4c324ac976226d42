package dev.vela.internal.lane;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Counts the messages of a handle that were accepted and have not been answered, and knows whether it takes any.
 *
 * <p>Thread-safe. Who accepts a message counts it first, and looks {@link #isTaking()} afterwards: so whoever ends the
 * intake sees the message, or is seen.
 */
public final class OpenSends {
    /*
     * Two counters that only grow, each on a cache line of its own: those who send change the one, those who answer the
     * other. What is open is their difference, read in such an order that it is never too low: first the answered ones.
     */
    private static final int OPENED = 8;
    private static final int ANSWERED = 24;
    private final AtomicLongArray counts = new AtomicLongArray(32);
    private volatile boolean taking = true;
    private final AtomicReference<@Nullable CompletableFuture<Void>> settled = new AtomicReference<>();

    /** Whether messages may be accepted. */
    public boolean isTaking() {
        return taking;
    }

    /** From now on, none may. */
    public void endIntake() {
        taking = false;
    }

    public void opened(int messages) {
        counts.addAndGet(OPENED, messages);
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
