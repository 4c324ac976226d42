package dev.vela.internal.handle;

import dev.vela.internal.lane.Completions;
import dev.vela.internal.pulsar.Failures;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;

/**
 * What completes when all that was accepted is stored, and refuses to be waited for where that would wait for itself: in a
 * callback of the same handle, which must return before it completes. So does what is derived from it.
 *
 * <p>Thread-safe. A wait with a time limit is not refused.
 */
final class FlushFuture<V> extends CompletableFuture<V> {
    private final BooleanSupplier waitsForItself;

    /**
     * Creates one that is not complete.
     *
     * @param waitsForItself whether the calling thread must return from what it does before this completes
     */
    FlushFuture(BooleanSupplier waitsForItself) {
        this.waitsForItself = waitsForItself;
    }

    /**
     * Creates one that completes as the given future does, but where callbacks run: the last answer may come on any thread.
     */
    static FlushFuture<Void> of(
            CompletableFuture<Void> allCompleted, Completions completions, BooleanSupplier waitsForItself) {
        FlushFuture<Void> flushed = new FlushFuture<>(waitsForItself);
        allCompleted.whenComplete((done, failure) -> completions.execute(() -> {
            if (failure == null) {
                flushed.complete(null);
            } else {
                flushed.completeExceptionally(Failures.unwrap(failure));
            }
        }));
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
        return new FlushFuture<>(waitsForItself);
    }

    private void check() {
        if (!isDone() && waitsForItself.getAsBoolean()) {
            throw new IllegalStateException(
                    "this callback would wait for itself: a flush completes when the callbacks of"
                            + " the messages before it have returned");
        }
    }
}
