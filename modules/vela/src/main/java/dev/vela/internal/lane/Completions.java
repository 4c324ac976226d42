package dev.vela.internal.lane;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers sends, in order, one at a time, on threads that may run the user's callbacks.
 *
 * <p>Thread-safe; never blocks. Receipts arrive on the client's I/O thread, failures with its locks held: neither may run
 * a user's callback. A callback that blocks holds up only this queue. A queue that has told many answers at a stretch leaves
 * its thread to the tasks that wait for one, and goes on behind them.
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

    static final int TURN = 256; // answers

    private final Executor workers;
    private final BooleanSupplier othersWait;
    private @Nullable Delivery rest; // the worker's, handed on from one to the next by the executor
    private final AtomicReference<@Nullable Delivery> top = new AtomicReference<>();
    private final AtomicReference<@Nullable Delivery> delivering = new AtomicReference<>(); // written by the worker
    private final AtomicBoolean stranded = new AtomicBoolean(); // there is something to deliver, and nobody who will
    private volatile @Nullable Failed lastFailed; // written by the worker, and by who answers a thread that waits
    private @Nullable Thread worker; // written by the worker, for itself to read: others may read anything

    /** Something to be delivered in its turn, once. */
    abstract static class Delivery {
        private @Nullable Delivery below; // published by top

        /** Delivers it. Runs the application's code; must not throw. */
        abstract void deliver();

        /** The failure that it delivers, or null. */
        @Nullable
        Throwable failure() {
            return null;
        }

        /** How many answers it delivers. */
        int answers() {
            return 1;
        }

        /** Adds the messages that it is to answer, and has not yet. */
        void unanswered(List<Send> into) {}
    }

    /** An answer that is a failure, and is being told, or was. Each is another one. */
    public static final class Failed {
        private final Throwable cause;

        private Failed(Throwable cause) {
            this.cause = cause;
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
        new SingleEntry(send).fail(cause, this, counters);
    }

    /** Runs something once all that is settled now has been delivered; must not throw. */
    public void execute(Runnable task) {
        deliver(new Delivery() {
            @Override
            void deliver() {
                task.run();
            }
        });
    }

    /** Completes once all that is settled now has been delivered. */
    public CompletableFuture<Void> barrier() {
        CompletableFuture<Void> reached = new CompletableFuture<>();
        execute(() -> reached.complete(null));
        return reached;
    }

    /** A thread that waits for its answer alone is about to get a failure, by the caller and not by this queue. */
    void failing(Throwable cause) {
        lastFailed = new Failed(cause);
    }

    /** The last failure that has been told, or is being told, if there was one. */
    public @Nullable Failed lastFailed() {
        return lastFailed;
    }

    /** Adds the messages of what is being delivered now whose answers have not been told. */
    public void unanswered(List<Send> into) {
        Delivery now = delivering.get();
        if (now != null) {
            now.unanswered(into);
        }
    }

    /**
     * A {@link #barrier} that fails if a failure is told before it is reached.
     *
     * @param before the last one that does not count
     */
    public CompletableFuture<Void> barrierUnlessFailed(@Nullable Failed before) {
        return barrier().thenCompose(reached -> {
            Failed last = lastFailed;
            return last == null || last == before
                    ? CompletableFuture.<Void>completedFuture(null)
                    : CompletableFuture.failedFuture(last.cause);
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
            try {
                workers.execute(this::drain);
            } catch (Throwable failure) { // of a full stack or heap: whoever delivers next sees to it
                stranded.set(true);
                throw failure;
            }
        }
    }

    /** Whether the caller is in a callback of this queue, which waits for its own end if it waits for what comes after. */
    public boolean isInCallback() {
        return worker == Thread.currentThread();
    }

    private void drain() {
        int told = 0;
        Delivery next = rest;
        rest = null;
        do {
            worker = Thread.currentThread();
            if (next == null) {
                next = oldestFirst(top.getAndSet(DELIVERING));
            }
            while (next != null) {
                if (told >= TURN && othersWait.getAsBoolean()) {
                    rest = next;
                    delivering.lazySet(null);
                    worker = null;
                    workers.execute(this::drain);
                    return;
                }
                Delivery current = next;
                next = current.below;
                current.below = null; // or an answer that is kept would keep all that came after it
                delivering.lazySet(current);
                Throwable failure = current.failure();
                if (failure != null) {
                    lastFailed = new Failed(failure);
                }
                told += current.answers();
                current.deliver();
            }
            delivering.lazySet(null);
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
