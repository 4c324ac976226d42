package dev.vela.internal.handle;

import dev.vela.internal.lane.Completions;
import dev.vela.internal.pulsar.Failures;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;

/**
 * The future of a flush: completes when all accepted messages are stored, or fails with the first that is not. A
 * callback of the same handle must return before this future completes, so a callback that waits for it would wait for
 * itself: such a wait is refused. Derived futures refuse it, too.
 *
 * <p>Thread-safe. A wait with a time limit is not refused.
 */
final class FlushFuture<V> extends CompletableFuture<V> {
    private final BooleanSupplier waitsForItself;

    /**
     * Creates an incomplete future.
     *
     * @param waitsForItself whether the calling thread must return from its current work before this future completes
     */
    FlushFuture(BooleanSupplier waitsForItself) {
        this.waitsForItself = waitsForItself;
    }

    /**
     * Creates a future that completes like the given future, but on a callback thread: the last answer may come on any
     * thread.
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
