package dev.vela.internal.runtime;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.vela.VelaEvent;
import dev.vela.VelaListener;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notifies the listeners of events, one at a time, in order, on threads that they may block. Thread-safe; never blocks.
 */
final class Events {
    static final int CAPACITY = 10_000;

    private static final Logger log = LoggerFactory.getLogger(Events.class);

    private final List<VelaListener> listeners;
    private final Executor threads;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final ArrayDeque<VelaEvent> queue = new ArrayDeque<>();

    @GuardedBy("lock")
    private boolean draining;

    @GuardedBy("lock")
    private long dropped;

    @GuardedBy("lock")
    private CompletableFuture<Void> told = CompletableFuture.completedFuture(null);

    Events(List<VelaListener> listeners, Executor threads) {
        this.listeners = listeners;
        this.threads = threads;
    }

    void publish(VelaEvent event) {
        lock.lock();
        try {
            if (queue.size() >= CAPACITY) {
                dropped++;
                return;
            }
            queue.add(event);
            if (draining) {
                return;
            }
            draining = true;
            told = new CompletableFuture<>();
        } finally {
            lock.unlock();
        }
        threads.execute(this::drain);
    }

    /** Completes once the listeners have been told of all events so far; on one of their threads. */
    CompletableFuture<Void> whenTold() {
        lock.lock();
        try {
            return told;
        } finally {
            lock.unlock();
        }
    }

    private void drain() {
        VelaEvent event = next();
        while (event != null) {
            for (VelaListener listener : listeners) {
                tell(listener, event);
            }
            event = next();
        }
    }

    private static void tell(VelaListener listener, VelaEvent event) {
        try {
            listener.onEvent(event);
        } catch (Throwable e) {
            log.warn("A listener threw on {}", event, e);
        }
    }

    private @Nullable VelaEvent next() {
        long lost;
        VelaEvent event;
        CompletableFuture<Void> toldNow;
        lock.lock();
        try {
            lost = dropped;
            dropped = 0;
            event = queue.poll();
            draining = event != null;
            toldNow = told;
        } finally {
            lock.unlock();
        }
        if (event == null) {
            toldNow.complete(null);
        }
        if (lost > 0) {
            log.warn("{} events were dropped: the listener is slower than what happens", lost);
        }
        return event;
    }
}
