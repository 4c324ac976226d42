package dev.vela.internal.handle;

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
