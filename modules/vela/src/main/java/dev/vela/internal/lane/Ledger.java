package dev.vela.internal.lane;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Counts the messages of a handle that were accepted and have not been answered. Thread-safe. */
public final class Ledger {
    private final AtomicLong open = new AtomicLong();
    private final AtomicReference<@Nullable CompletableFuture<Void>> settled = new AtomicReference<>();

    void opened() {
        open.incrementAndGet();
    }

    void answered() {
        if (open.decrementAndGet() == 0) {
            CompletableFuture<Void> waiter = settled.get();
            if (waiter != null) {
                waiter.complete(null);
            }
        }
    }

    /** Accepted and not answered now. */
    public long open() {
        return open.get();
    }

    /** Completes when nothing is open, on whatever thread sees it first. Only once intake has ended. */
    public CompletableFuture<Void> whenSettled() {
        CompletableFuture<Void> waiter = settled.updateAndGet(set -> set == null ? new CompletableFuture<>() : set);
        if (open.get() == 0) {
            waiter.complete(null);
        }
        return waiter;
    }
}
