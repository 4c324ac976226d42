package dev.vela.internal.handle;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The calls that wait for a state of a handle. Confined to the control thread. */
final class ReadinessWaiters {
    private final List<CompletableFuture<Void>> waiters = new ArrayList<>();

    void add(CompletableFuture<Void> waiter) {
        waiters.add(waiter);
    }

    boolean isAwaited() {
        waiters.removeIf(CompletableFuture::isDone);
        return !waiters.isEmpty();
    }

    /** Tells all waiters: success, or the failure. */
    void tell(@Nullable Supplier<? extends Throwable> failure) {
        for (CompletableFuture<Void> waiter : waiters) {
            if (failure == null) {
                waiter.complete(null);
            } else {
                waiter.completeExceptionally(failure.get());
            }
        }
        waiters.clear();
    }
}
