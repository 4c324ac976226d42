package dev.vela.internal.lane;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.vela.internal.scheduling.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a lane that were handed over and whose fate the client has not reported, in order.
 *
 * <p>Thread-safe. This class shares the lock of {@link Handover}, since an entry must be added in the same step in
 * which it is handed over: {@link Handover} holds the lock while it calls {@link #add}, {@link #removeLast} and
 * {@link #keepAll}.
 */
final class InFlight {
    private static final long STALLED_AFTER_NANOS = Duration.ofMillis(500).toNanos();

    private final ReentrantLock lock;
    private final Scheduler scheduler;
    private final @Nullable Pace pace; // null if each message is sent alone

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
     * @param onExpired called for each message that times out, on the control thread; the message stays in flight
     */
    InFlight(ReentrantLock lock, LaneContext context, Consumer<Send> onExpired) {
        this.lock = lock;
        this.scheduler = context.scheduler();
        this.pace = context.batching() == null ? null : context.pace();
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
            if (pace != null) {
                pace.handed();
                entry.enterPace(scheduler.nanoTime());
            }
            entry.counted(true);
            if (queue.add(entry)) {
                alarm.setFor(entry.deadline());
            }
        } finally {
            lock.unlock();
        }
    }

    /** Removes the entry that was added last: the client does not have it. */
    void removeLast(Entry entry) {
        lock.lock();
        try {
            queue.removeLast();
            ended(entry);
            entry.counted(false);
        } finally {
            lock.unlock();
        }
    }

    /** Notes a sign of life from the client. */
    void progressed() {
        lastProgress = scheduler.nanoTime();
    }

    /**
     * Stops counting an entry that was released and is about to be answered; ignores an entry that was never counted.
     */
    void ended(Entry entry) {
        if (!entry.isCounted()) {
            return;
        }
        messages.addAndGet(-entry.messages());
        entries.decrementAndGet();
        leavePace(entry);
    }

    private void leavePace(Entry entry) {
        if (pace != null && entry.leavePace()) {
            pace.ended();
        }
    }

    /** Notes that an entry was stored, over the connection over which it was handed over. */
    void stored(Entry entry) {
        if (pace != null && !entry.isKept()) {
            pace.stored(scheduler.nanoTime() - entry.handedAt());
        }
    }

    /** If nothing was heard of any entry for a long time, they are in no queue that others have to wait for. */
    void leavePaceIfStalled() {
        if (pace != null && isStalled()) {
            all().forEach(this::leavePace);
        }
    }

    /** Called when the answers of an ended entry are queued. Never waits for the lock. */
    void answered() {
        if (entries.get() == 0 && lock.tryLock()) {
            try {
                queue.prune(Entry::isDone);
            } finally {
                lock.unlock();
            }
        }
    }

    /** Cancels the sweep: all entries have ended, and none is added before the next producer is attached. */
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

    /** All entries, in order. */
    List<Entry> all() {
        lock.lock();
        try {
            return queue.all();
        } finally {
            lock.unlock();
        }
    }

    /** Marks all entries whose fate is unknown as kept, and returns them in order. */
    List<Entry> keepAll() {
        List<Entry> open = all().stream().filter(entry -> !entry.isReleased()).toList();
        open.forEach(Entry::keep);
        open.forEach(this::leavePace); // no broker has them now
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

    /** Whether entries are in flight, and nothing was heard of any for a long time. */
    boolean isStalled() {
        return entries.get() > 0 && scheduler.nanoTime() - lastProgress >= STALLED_AFTER_NANOS;
    }

    /**
     * Whether nothing was heard of any entry for the given time, and the oldest entry has been answered by its timeout.
     *
     * @param isKept whether the oldest entry can be given up before its timeout without any loss
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

    /** The time since the acceptance of the oldest message; zero if none is in flight. */
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
