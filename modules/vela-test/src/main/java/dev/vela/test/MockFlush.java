package dev.vela.test;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** The future of a flush. As with a real one, a callback that waits for it is refused. */
final class MockFlush<V> extends CompletableFuture<V> {
    static CompletableFuture<Void> of(List<CompletableFuture<@Nullable Void>> open) {
        MockFlush<Void> flushed = new MockFlush<>();
        CompletableFuture.allOf(open.toArray(CompletableFuture<?>[]::new)).whenComplete((done, failure) -> {
            if (failure == null) {
                flushed.complete(null);
            } else {
                Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                flushed.completeExceptionally(cause == null ? failure : cause);
            }
        });
        return flushed;
    }

    @Override
    public V join() {
        check();
        return super.join();
    }

    @Override
    public V get() throws InterruptedException, ExecutionException {
        check();
        return super.get();
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new MockFlush<>();
    }

    private void check() {
        if (!isDone() && Deliveries.isInCallback()) {
            throw new IllegalStateException(
                    "this callback would wait for itself: a flush completes when the callbacks of"
                            + " the messages before it have returned");
        }
    }
}
