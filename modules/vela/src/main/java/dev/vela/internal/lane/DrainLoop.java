package dev.vela.internal.lane;

import dev.vela.internal.scheduling.Scheduler;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets one thread at a time drain a queue: a thread that arrives meanwhile leaves the rest to the draining thread, and
 * returns.
 *
 * <p>Thread-safe; no thread waits for another.
 */
final class DrainLoop {
    /*
     * The count is the number of arrivals of threads:
     *
     *   0      no thread drains; the next thread that arrives does
     *   > 0    one thread drains; before it stops it looks again, unless no thread has arrived since its last look
     *
     * No thread drains for longer than a turn. Otherwise the control thread and the client's threads would drain for as
     * long as other threads add. After a turn the control thread continues soon, unless another thread arrives first. A
     * drain ends if it fails because its thread's stack or the heap is full. The next thread that arrives recovers from
     * the failure, and continues.
     */
    private static final Logger log = LoggerFactory.getLogger(DrainLoop.class);

    private static final Duration AFTER_FAILURE = Duration.ofMillis(20);

    private final String name;
    private final Scheduler scheduler;
    private final Drain drain;
    private final AtomicInteger arrivals = new AtomicInteger();
    private @Nullable Throwable failure; // of the previous drain, if it failed; published by arrivals

    /** The work itself. Done by one thread at a time; each thread sees the changes of the previous thread. */
    interface Drain {
        /** Drains the queue. Returns false if the turn was over before the queue was empty. */
        boolean drain(Turn turn);

        /** Handles the item that the previous drain had in hand when it failed. */
        void recover(Throwable cause);
    }

    /**
     * Creates a loop that no thread runs yet.
     *
     * @param name the lane's name, for messages
     */
    DrainLoop(String name, Scheduler scheduler, Drain drain) {
        this.name = name;
        this.scheduler = scheduler;
        this.drain = drain;
    }

    /** Drains the queue, unless another thread is draining it. */
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

    /** Returns whether the queue is empty and this thread has left the loop. */
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

    /** Must not throw: the caller would believe that its message was not taken. */
    private void scheduleNextTry() {
        try {
            scheduler.schedule(AFTER_FAILURE, this::run);
        } catch (Throwable again) { // then the next thread that arrives continues
            log.error("{} has no memory to go on", name, again);
        }
    }
}
