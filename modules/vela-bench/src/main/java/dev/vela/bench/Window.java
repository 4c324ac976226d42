package dev.vela.bench;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.pulsar.client.api.MessageId;
import org.jspecify.annotations.Nullable;

/**
 * The futures of the last messages that one thread has sent. When the window is full, the thread waits for the oldest
 * future before it adds another one.
 *
 * <p>Not thread-safe.
 */
final class Window {

    private final @Nullable CompletableFuture<MessageId>[] futures;
    private int next;

    @SuppressWarnings({"unchecked", "rawtypes"}) // there are no arrays of generics
    Window(int messages) {
        this.futures = new CompletableFuture[messages];
    }

    /** Makes room for a future, and keeps it. */
    void add(CompletableFuture<MessageId> future, Receipts receipts) {
        look(next, receipts);
        futures[next] = future;
        next = next + 1 == futures.length ? 0 : next + 1;
    }

    /** Waits for all remaining futures. */
    void finish(Receipts receipts) {
        for (int i = 0; i < futures.length; i++) {
            look(i, receipts);
        }
    }

    private void look(int index, Receipts receipts) {
        CompletableFuture<MessageId> future = futures[index];
        if (future == null) {
            return;
        }
        futures[index] = null;
        try {
            receipts.accept(future.join(), null);
        } catch (CompletionException e) {
            receipts.accept(null, e.getCause());
        }
    }
}
