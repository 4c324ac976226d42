package dev.vela.bench;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.pulsar.client.api.MessageId;
import org.jspecify.annotations.Nullable;

/**
 * The futures of the last messages that one thread has sent. Before it sends another one, the thread waits for the oldest of
 * them.
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

    /** Makes room for another, and keeps it. */
    void add(CompletableFuture<MessageId> future, Receipts receipts) {
        look(next, receipts);
        futures[next] = future;
        next = next + 1 == futures.length ? 0 : next + 1;
    }

    /** Looks at all that are left. */
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
