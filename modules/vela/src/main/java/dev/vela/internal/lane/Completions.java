package dev.vela.internal.lane;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Completes sends, in order, one at a time, on threads that may run the application's callbacks.
 *
 * <p>Thread-safe; never blocks. Receipts arrive on the client's I/O thread, and failures with the client's locks held:
 * neither may run a callback. A callback that blocks holds up only this queue. A queue that has completed many sends in
 * a row yields its thread to waiting tasks, and continues behind them.
 */
public final class Completions {
    /*
     * A stack linked by a field of its elements: a thread pushes with one compare-and-set and allocates nothing. The
     * worker takes the whole stack at once and reverses it, so both sides synchronize once for many answers.
     *
     *   null      nothing to deliver, no worker runs: the next push starts one
     *   DELIVERING  a worker delivers the items that it took, nothing has been pushed since
     *   other     the item pushed last; a worker runs, or is about to start
     */
    private static final Delivery DELIVERING = new Delivery() {
        @Override
        void deliver() {
            throw new IllegalStateException("a mark, not a delivery");
        }
    };

    private static final Logger log = LoggerFactory.getLogger(Completions.class);

    static final int TURN = 256; // answers

    private final Executor workers;
    private final BooleanSupplier othersWait;
    private @Nullable Delivery rest; // the worker's; the executor passes it safely from one worker to the next
    private final AtomicReference<@Nullable Delivery> top = new AtomicReference<>();
    private final AtomicBoolean stranded = new AtomicBoolean(); // deliveries wait, and no worker runs
    private @Nullable Thread worker; // written by the worker, for the worker to read: other threads may read any value

    /** An item that is delivered once, in its turn. */
    abstract static class Delivery {
        private @Nullable Delivery below; // published by top

        /** Delivers the item. Runs the application's code; must not throw. */
        abstract void deliver();

        /** The number of answers that it delivers. */
        int answers() {
            return 1;
        }
    }

    public Completions(Executor workers) {
        this(workers, () -> false);
    }

    /**
     * Creates an empty queue.
     *
     * @param othersWait whether tasks wait for a thread of {@code workers}
     */
    public Completions(Executor workers, BooleanSupplier othersWait) {
        this.workers = workers;
        this.othersWait = othersWait;
    }

    /** Fails a message that no lane has, unless the message has been answered. */
    public void fail(Send send, Throwable cause, LaneCounters counters) {
        new Answer(send).last(null, cause, counters).give(this);
    }

    /** Runs a task after all deliveries that are queued now; the task must not throw. */
    public void execute(Runnable task) {
        deliver(new Delivery() {
            @Override
            void deliver() {
                task.run();
            }
        });
    }

    /** Queues a delivery, which is made in its turn. */
    void deliver(Delivery delivery) {
        Delivery seen;
        do {
            seen = top.get();
            delivery.below = seen == DELIVERING ? null : seen;
        } while (!top.compareAndSet(seen, delivery));
        if (seen == null || (stranded.get() && stranded.compareAndSet(true, false))) {
            startWorker();
        }
    }

    private void startWorker() {
        try {
            workers.execute(this::drain);
        } catch (Throwable failure) { // the stack or the heap is full: the next delivery starts a worker
            stranded.set(true);
            throw failure;
        }
    }

    /** Must not let an Error end the worker: later items would never be delivered. */
    private static void deliverSafely(Delivery delivery) {
        try {
            delivery.deliver();
        } catch (Throwable failure) {
            log.error("An answer could not be delivered", failure);
        }
    }

    /** Whether the caller runs in a callback of this queue: waiting for a later delivery would then never end. */
    public boolean isInCallback() {
        return worker == Thread.currentThread();
    }

    private void drain() {
        int delivered = 0;
        Delivery next = rest;
        rest = null;
        do {
            worker = Thread.currentThread();
            if (next == null) {
                next = oldestFirst(top.getAndSet(DELIVERING));
            }
            while (next != null) {
                if (delivered >= TURN && othersWait.getAsBoolean()) {
                    rest = next;
                    worker = null;
                    startWorker();
                    return;
                }
                Delivery current = next;
                next = current.below;
                current.below = null; // otherwise a retained answer would retain all later ones
                delivered += current.answers();
                deliverSafely(current);
            }
            worker = null;
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
