package dev.vela.internal.lane;

import dev.vela.internal.scheduling.Scheduler;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has one thread at a time drain a queue: a thread that comes meanwhile leaves the rest to that one, and returns.
 *
 * <p>Thread-safe; no thread waits for another.
 */
final class DrainLoop {
    /*
     * The count says how often a thread came:
     *
     *   0      no thread drains; the next one that comes does
     *   > 0    one drains, and looks again before it stops, unless nobody has come since it looked last
     *
     * No thread drains for longer than a turn, or the control thread and the client's would do so for as long as others add:
     * then the control thread goes on soon, unless another thread has come before. A drain that fails, since the stack or the
     * heap of its thread is full, ends; the next thread that comes is told, and goes on.
     */
    private static final Logger log = LoggerFactory.getLogger(DrainLoop.class);

    private static final Duration AFTER_FAILURE = Duration.ofMillis(20);

    private final String name;
    private final Scheduler scheduler;
    private final Drain drain;
    private final AtomicInteger arrivals = new AtomicInteger();
    private @Nullable Throwable failure; // of the drain before, if it failed; published by arrivals

    /** The work itself. By one thread at a time, each of which sees what the one before did. */
    interface Drain {
        /** Drains the queue. Returns false if it was left before it was empty, for the turn is over. */
        boolean drain(Turn turn);

        /** Sees to what the drain before had in hand when it failed. */
        void recover(Throwable cause);
    }

    /**
     * Creates a loop that no thread is in.
     *
     * @param name of the lane, for messages
     */
    DrainLoop(String name, Scheduler scheduler, Drain drain) {
        this.name = name;
        this.scheduler = scheduler;
        this.drain = drain;
    }

    /** Drains the queue, unless another thread does. */
    void run() {
        if (arrivals.getAndIncrement() != 0) {
            return;
        }
        boolean isDone;
        try {
            recover();
            isDone = drainForATurn();
        } catch (Throwable thrown) {
            failure = thrown;
            arrivals.set(0);
            scheduleNextTry();
            return;
        }
        if (!isDone) {
            arrivals.set(0);
            scheduler.execute(this::run);
        }
    }

    private void recover() {
        Throwable before = failure;
        if (before != null) {
            failure = null;
            log.error("{} failed to hand over an entry", name, before);
            drain.recover(before);
        }
    }

    /** Returns whether nothing is left, and this thread is out. */
    private boolean drainForATurn() {
        Turn turn = new Turn(scheduler);
        int seen = 1;
        while (seen != 0) {
            if (!drain.drain(turn)) {
                return false;
            }
            seen = arrivals.addAndGet(-seen);
        }
        return true;
    }

    /** Must not throw: a message that was taken would be taken for one that was not. */
    private void scheduleNextTry() {
        try {
            scheduler.schedule(AFTER_FAILURE, this::run);
        } catch (Throwable again) { // then the next thread that comes goes on
            log.error("{} has no memory to go on", name, again);
        }
    }
}
