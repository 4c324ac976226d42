package dev.vela.internal.lane;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Answers sends, in order, one at a time, on threads that may run the user's callbacks.
 *
 * <p>Thread-safe; never blocks. Receipts arrive on the client's I/O thread, failures with its locks held: neither may run
 * a user's callback. A callback that blocks holds up only this queue.
 */
public final class Completions {
    /*
     * A stack that links its elements by a field of theirs: whoever settles pushes with one compare-and-set and allocates
     * nothing. The worker takes all of it at once and turns it round, so the two sides meet once for many answers.
     *
     *   null      nothing to deliver, no worker under way: who pushes next starts one
     *   DELIVERING  a worker is delivering what it took, nothing has come since
     *   other     the last that was pushed; a worker is under way, or about to be
     */
    private static final Delivery DELIVERING = new Delivery() {
        @Override
        void deliver() {
            throw new IllegalStateException("a mark, not a delivery");
        }
    };

    private final Executor workers;
    private final AtomicReference<@Nullable Delivery> top = new AtomicReference<>();

    /** Something to be delivered in its turn, once. */
    abstract static class Delivery {
        private @Nullable Delivery below; // published by top

        /** Delivers it. Runs the application's code; must not throw. */
        abstract void deliver();
    }

    public Completions(Executor workers) {
        this.workers = workers;
    }

    /** Fails a message that no lane has, unless it has been answered. */
    public void fail(Send send, Throwable cause, LaneCounters counters) {
        new Single(send).fail(cause, this, counters);
    }

    /** Completes once all that is settled now has been delivered. */
    public CompletableFuture<Void> barrier() {
        CompletableFuture<Void> reached = new CompletableFuture<>();
        deliver(new Delivery() {
            @Override
            void deliver() {
                reached.complete(null);
            }
        });
        return reached;
    }

    /** Delivers something in its turn. */
    void deliver(Delivery delivery) {
        Delivery seen;
        do {
            seen = top.get();
            delivery.below = seen == DELIVERING ? null : seen;
        } while (!top.compareAndSet(seen, delivery));
        if (seen == null) {
            workers.execute(this::drain);
        }
    }

    private void drain() {
        do {
            Delivery next = oldestFirst(top.getAndSet(DELIVERING));
            while (next != null) {
                Delivery current = next;
                next = current.below;
                current.below = null; // or an answer that is kept would keep all that came after it
                current.deliver();
            }
        } while (!top.compareAndSet(DELIVERING, null));
    }

    private static @Nullable Delivery oldestFirst(@Nullable Delivery newest) {
        Delivery turned = null;
        Delivery next = newest;
        while (next != null) {
            Delivery current = next;
            next = current.below;
            current.below = turned;
            turned = current;
        }
        return turned;
    }
}
