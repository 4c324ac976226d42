package dev.vela.internal.lane;

import dev.vela.internal.scheduling.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.apache.pulsar.client.api.MessageId;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a lane that were handed over and whose fate the client has not told, in order.
 *
 * <p>Thread-safe. It shares the lane's lock, since what is handed over must join it in the same step.
 */
final class InFlight {
    private static final long STALLED_AFTER_NANOS = Duration.ofMillis(500).toNanos();

    private final ReentrantLock lock;
    private final Scheduler scheduler;
    private final Consumer<Send> onExpired;
    private final Deadlines<Entry> queue = new Deadlines<>(); // guarded by lock
    private final AtomicInteger entries = new AtomicInteger();
    private final AtomicInteger messages = new AtomicInteger();
    private volatile long lastProgress;

    /**
     * Nothing yet.
     *
     * @param onExpired told of each message whose time is over, on the control thread; it stays in flight
     */
    InFlight(ReentrantLock lock, Scheduler scheduler, Consumer<Send> onExpired) {
        this.lock = lock;
        this.scheduler = scheduler;
        this.onExpired = onExpired;
    }

    /**
     * Adds an entry. Under the lock.
     *
     * @return whether {@link #scheduleSweep} must be called for it, without the lock
     */
    boolean add(Entry entry) {
        queue.prune(Entry::isDone);
        if (entries.get() == 0) {
            lastProgress = scheduler.nanoTime();
        }
        messages.addAndGet(entry.messages());
        entries.incrementAndGet();
        return queue.add(entry);
    }

    void scheduleSweep(Entry entry) {
        Deadlines.schedule(scheduler, entry, this::sweep);
    }

    /** A sign of life came from the client. */
    void progressed() {
        lastProgress = scheduler.nanoTime();
    }

    /** An entry has been released. Never waits for the lock. */
    void ended(Entry entry) {
        messages.addAndGet(-entry.messages());
        if (entries.decrementAndGet() == 0 && lock.tryLock()) {
            try {
                queue.prune(Entry::isDone);
            } finally {
                lock.unlock();
            }
        }
    }

    /** All of them, in order. Under the lock. */
    List<Entry> all() {
        return queue.all();
    }

    /** Those whose fate is not known, in order, each marked as kept. Under the lock. */
    List<Entry> keepAll() {
        List<Entry> open =
                queue.all().stream().filter(entry -> !entry.isReleased()).toList();
        open.forEach(Entry::keep);
        return open;
    }

    private void sweep() {
        long now = scheduler.nanoTime();
        List<Send> expired;
        @Nullable Duration next;
        lock.lock();
        try {
            if (!queue.isDue(now)) {
                return;
            }
            queue.prune(Entry::isDone);
            expired = queue.expired(now);
            next = queue.rearm(now);
        } finally {
            lock.unlock();
        }
        if (next != null) {
            scheduler.schedule(next, this::sweep);
        }
        expired.forEach(onExpired);
    }

    int entries() {
        return entries.get();
    }

    int messages() {
        return messages.get();
    }

    /** Whether there is something, and nothing was heard of it for long. */
    boolean isStalled() {
        return entries.get() > 0 && scheduler.nanoTime() - lastProgress >= STALLED_AFTER_NANOS;
    }

    /** Whether the oldest has been answered by its timeout, and nothing was heard of any for so long. */
    boolean isForsaken(Duration limit) {
        if (entries.get() == 0 || scheduler.nanoTime() - lastProgress < limit.toNanos()) {
            return false;
        }
        lock.lock();
        try {
            queue.prune(Entry::isDone);
            Entry oldest = queue.peek();
            return oldest != null && oldest.isAnswered();
        } finally {
            lock.unlock();
        }
    }

    /** How long the oldest message has been on its way, from its acceptance; zero if none is. */
    Duration oldest() {
        lock.lock();
        try {
            queue.prune(Entry::isDone);
            Entry oldest = queue.peek();
            return oldest == null ? Duration.ZERO : Duration.ofNanos(scheduler.nanoTime() - oldest.acceptedAt());
        } finally {
            lock.unlock();
        }
    }

    /** Adds the futures of all that is not answered. */
    void unanswered(List<CompletableFuture<MessageId>> into) {
        List<Entry> all;
        lock.lock();
        try {
            all = queue.all();
        } finally {
            lock.unlock();
        }
        all.forEach(entry -> entry.unanswered(into));
    }
}
