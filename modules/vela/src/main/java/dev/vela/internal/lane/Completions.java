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
 * <p>Thread-safe; never blocks. Receipts arrive on the client's I/O thread, failures with its locks held: neither may run a
 * callback. A callback that blocks holds up only this queue. A queue that has completed many sends at a stretch leaves its
 * thread to the tasks that wait for one, and goes on behind them.
 */
public final class Completions {
    /*
     * A stack that links its elements by a field of theirs: a thread pushes with one compare-and-set and allocates nothing. The
     * worker takes all of it at once and turns it round, so the two sides meet once for many answers.
     *
     *   null      nothing to deliver, no worker under way: the next push starts one
     *   DELIVERING  a worker is delivering what it took, nothing has come since
     *   other     the last that was pushed; a worker is under way, or about to be
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
    private @Nullable Delivery rest; // the worker's, handed on from one to the next by the executor
    private final AtomicReference<@Nullable Delivery> top = new AtomicReference<>();
    private final AtomicBoolean stranded = new AtomicBoolean(); // there is something to deliver, and no worker
    private @Nullable Thread worker; // written by the worker, for itself to read: others may read anything

    /** Something to be delivered in its turn, once. */
    abstract static class Delivery {
        private @Nullable Delivery below; // published by top

        /** Delivers it. Runs the application's code; must not throw. */
        abstract void deliver();

        /** How many answers it delivers. */
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

    /** Fails a message that no lane has, unless it has been answered. */
    public void fail(Send send, Throwable cause, LaneCounters counters) {
        new Answer(send).last(null, cause, counters).give(this);
    }

    /** Runs something once all that is queued now has been delivered; must not throw. */
    public void execute(Runnable task) {
        deliver(new Delivery() {
            @Override
            void deliver() {
                task.run();
            }
        });
    }

    /** Delivers something in its turn. */
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
        } catch (Throwable failure) { // a full stack or heap: the next delivery starts a worker
            stranded.set(true);
            throw failure;
        }
    }

    /** An Error must not end the worker: what is behind would never be delivered. */
    private static void deliverSafely(Delivery delivery) {
        try {
            delivery.deliver();
        } catch (Throwable failure) {
            log.error("An answer could not be delivered", failure);
        }
    }

    /** Whether the caller is in a callback of this queue, which waits for its own end if it waits for what comes after. */
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
                current.below = null; // or an answer that is kept would keep all that came after it
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
