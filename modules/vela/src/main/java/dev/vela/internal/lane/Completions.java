package dev.vela.internal.lane;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pulsar.client.api.MessageId;
import org.jspecify.annotations.Nullable;

/**
 * Answers sends, in order, one at a time, on threads that may run the user's callbacks.
 *
 * <p>Thread-safe; never blocks. Receipts arrive on the client's I/O thread, failures with its locks held: neither may run
 * a user's callback. A callback that blocks holds up only this queue.
 */
public final class Completions {
    private final Executor workers;
    private final Queue<Delivery> settled = new ConcurrentLinkedQueue<>();
    private final AtomicInteger undelivered = new AtomicInteger();

    /** Something to be delivered in its turn. */
    interface Delivery {
        /** Delivers it. Runs the application's code; must not throw. */
        void deliver();
    }

    public Completions(Executor workers) {
        this.workers = workers;
    }

    /** Fails a send, unless it has been answered. */
    public void fail(Send send, Throwable cause) {
        if (send.settle(null, cause)) {
            answer(send);
        }
    }

    /** Delivers the answer of a send that has just been settled. */
    void answer(Send send) {
        if (send.isWaitedFor()) {
            send.deliver();
            return;
        }
        deliver(send);
    }

    /** Completes once all that is settled now has been delivered. */
    public CompletableFuture<Void> barrier() {
        CompletableFuture<Void> reached = new CompletableFuture<>();
        deliver(() -> reached.complete(null));
        return reached;
    }

    /** Adds the futures of all that is settled and not delivered. */
    public void undelivered(List<CompletableFuture<MessageId>> into) {
        for (Delivery delivery : settled) {
            if (delivery instanceof Send send) {
                into.add(send.future());
            }
        }
    }

    private void deliver(Delivery delivery) {
        settled.add(delivery);
        if (undelivered.getAndIncrement() == 0) {
            workers.execute(this::drain);
        }
    }

    private void drain() {
        @Nullable Delivery next;
        do {
            next = settled.peek();
            if (next != null) {
                next.deliver();
                settled.remove();
            }
        } while (undelivered.decrementAndGet() > 0);
    }
}
