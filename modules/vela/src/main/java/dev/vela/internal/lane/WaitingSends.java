package dev.vela.internal.lane;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.vela.internal.scheduling.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a waiting queue, in order, with one timer for the earliest of their deadlines.
 *
 * <p>Thread-safe. Calls nothing with its lock held but the scheduler.
 */
final class WaitingSends {
    private final Scheduler scheduler;
    private final Consumer<Send> expires;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Deadlines<Send> waiting = new Deadlines<>();

    @GuardedBy("lock")
    private final Alarm alarm;

    private volatile int size; // written under lock

    /**
     * Creates an empty list.
     *
     * @param expires called on the control thread for each message whose deadline passed while it waited, after the
     *     message was removed
     */
    WaitingSends(Scheduler scheduler, Consumer<Send> expires) {
        this.scheduler = scheduler;
        this.expires = expires;
        this.alarm = new Alarm(scheduler, this::sweep);
    }

    /** The number of messages. Never blocks. */
    int size() {
        return size;
    }

    void add(Send send) {
        lock.lock();
        try {
            boolean isUrgent = waiting.add(send);
            size = waiting.size(); // before any call that may fail: no message must overtake
            if (isUrgent) {
                alarm.setFor(send.deadline());
            }
        } finally {
            lock.unlock();
        }
    }

    /** Puts messages before all others, in the given order. */
    void addFirst(List<Send> sends) {
        lock.lock();
        try {
            Send urgent = waiting.addFirst(sends);
            size = waiting.size();
            if (urgent != null) {
                alarm.setFor(urgent.deadline());
            }
        } finally {
            lock.unlock();
        }
    }

    @Nullable
    Send first() {
        lock.lock();
        try {
            return waiting.peek();
        } finally {
            lock.unlock();
        }
    }

    void removeFirst() {
        lock.lock();
        try {
            waiting.removeFirst();
            shrunk();
        } finally {
            lock.unlock();
        }
    }

    void remove(Set<Send> some) {
        if (some.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            waiting.removeAll(some);
            shrunk();
        } finally {
            lock.unlock();
        }
    }

    List<Send> all() {
        lock.lock();
        try {
            return waiting.all();
        } finally {
            lock.unlock();
        }
    }

    List<Send> removeAll() {
        lock.lock();
        try {
            List<Send> all = waiting.removeAll();
            shrunk();
            return all;
        } finally {
            lock.unlock();
        }
    }

    private void sweep() {
        long now = scheduler.nanoTime();
        List<Send> expired;
        lock.lock();
        try {
            if (!waiting.isDue(now)) {
                return;
            }
            expired = waiting.takeExpired(now, Turn.MOST_STEPS);
            Duration next = expired.size() < Turn.MOST_STEPS ? waiting.rearm(now) : waiting.again(now);
            if (next != null) {
                alarm.setIn(Turn.rested(next, scheduler.nanoTime() - now));
            }
            shrunk();
        } finally {
            lock.unlock();
        }
        expired.forEach(expires);
    }

    @GuardedBy("lock")
    private void shrunk() {
        size = waiting.size();
        if (size == 0) {
            waiting.disarm();
            alarm.cancel();
        }
    }
}
