package dev.vela.internal.lane;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.vela.internal.scheduling.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The entries of a lane that were handed over and whose fate the client has not told, in order.
 *
 * <p>Thread-safe. It shares the lock of {@link Handover}, since an entry that is handed over must join it in the same step:
 * that one holds it while it calls {@link #add}, {@link #takeBack} and {@link #keepAll}.
 */
final class InFlight {
    private static final long STALLED_AFTER_NANOS = Duration.ofMillis(500).toNanos();

    private final ReentrantLock lock;
    private final Scheduler scheduler;

    @GuardedBy("lock")
    private final Alarm alarm;

    private final Consumer<Send> onExpired;

    @GuardedBy("lock")
    private final Deadlines<Entry> queue = new Deadlines<>();

    private final AtomicInteger entries = new AtomicInteger();
    private final AtomicInteger messages = new AtomicInteger();
    private volatile long lastProgress;

    /**
     * Creates an empty queue of entries in flight.
     *
     * @param onExpired told of each message whose time is over, on the control thread; it stays in flight
     */
    InFlight(ReentrantLock lock, Scheduler scheduler, Consumer<Send> onExpired) {
        this.lock = lock;
        this.scheduler = scheduler;
        this.onExpired = onExpired;
        this.alarm = new Alarm(scheduler, this::sweep);
    }

    /** Adds an entry. */
    void add(Entry entry) {
        lock.lock();
        try {
            queue.prune(Entry::isDone);
            if (entries.get() == 0) {
                lastProgress = scheduler.nanoTime();
            }
            messages.addAndGet(entry.messages());
            entries.incrementAndGet();
            entry.counted(true);
            if (queue.add(entry)) {
                alarm.setFor(entry.deadline());
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes out the entry that was added last: the client does not have it. */
    void takeBack(Entry entry) {
        lock.lock();
        try {
            queue.removeLast();
            ended(entry);
            entry.counted(false);
        } finally {
            lock.unlock();
        }
    }

    /** A sign of life came from the client. */
    void progressed() {
        lastProgress = scheduler.nanoTime();
    }

    /** An entry has been released, and is about to be answered; or it was never there. */
    void ended(Entry entry) {
        if (!entry.isCounted()) {
            return;
        }
        messages.addAndGet(-entry.messages());
        entries.decrementAndGet();
    }

    /** The answers of an entry that has ended are in the queue. Never waits for the lock. */
    void answered() {
        if (entries.get() == 0 && lock.tryLock()) {
            try {
                queue.prune(Entry::isDone);
            } finally {
                lock.unlock();
            }
        }
    }

    /** All has ended that there is, and nothing is added until there is another producer: no sweep is due. */
    void rest() {
        lock.lock();
        try {
            queue.prune(Entry::isDone);
            queue.disarm();
            alarm.cancel();
        } finally {
            lock.unlock();
        }
    }

    /** All of them, in order. */
    List<Entry> all() {
        lock.lock();
        try {
            return queue.all();
        } finally {
            lock.unlock();
        }
    }

    /** Those whose fate is not known, in order, each marked as kept. */
    List<Entry> keepAll() {
        List<Entry> open = all().stream().filter(entry -> !entry.isReleased()).toList();
        open.forEach(Entry::keep);
        return open;
    }

    private void sweep() {
        long now = scheduler.nanoTime();
        List<Send> expired;
        lock.lock();
        try {
            if (!queue.isDue(now)) {
                return;
            }
            queue.prune(Entry::isDone);
            expired = queue.expired(now, Turn.MOST_STEPS);
            Duration next = expired.size() < Turn.MOST_STEPS ? queue.rearm(now) : queue.again(now);
            if (next != null) {
                alarm.setIn(Turn.rested(next, scheduler.nanoTime() - now));
            }
        } finally {
            lock.unlock();
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

    /**
     * Whether nothing was heard of any for so long, and the oldest has been answered by its timeout.
     *
     * @param isKept whether nothing is lost by giving it up before
     */
    boolean isStuck(Duration limit, boolean isKept) {
        if (entries.get() == 0 || scheduler.nanoTime() - lastProgress < limit.toNanos()) {
            return false;
        }
        lock.lock();
        try {
            queue.prune(Entry::isDone);
            Entry oldest = queue.peek();
            return oldest != null && (isKept || oldest.isAnswered());
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
}
