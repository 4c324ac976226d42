package dev.vela.internal.root;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.vela.SupervisedProducer;
import dev.vela.internal.pulsar.OfficialSettings;
import dev.vela.internal.pulsar.Schemas;
import dev.vela.internal.scheduling.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Shares producers among those who create the same one again and again, such as a framework that creates and closes a
 * producer for each message. A producer stays for a while after its last user has closed it.
 *
 * <p>Thread-safe. No lock is held while a producer is created or stopped.
 */
final class Leases {
    private final Scheduler control;
    private final Executor callbacks;
    private final Duration linger;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final List<Shared<?>> shared = new ArrayList<>();

    /**
     * Creates an empty collection.
     *
     * @param linger how long a producer stays after its last user has closed it; zero if none is shared
     */
    Leases(Scheduler control, Executor callbacks, Duration linger) {
        this.control = control;
        this.callbacks = callbacks;
        this.linger = linger;
    }

    /** A producer, and how many use it. */
    private static final class Shared<T> {
        private final OfficialSettings settings;
        private final Schema<T> schema;
        private final CompletableFuture<Producer<T>> created = new CompletableFuture<>();
        private int users; // this and below: guarded by the lock of the leases
        private Scheduler.@Nullable Cancellable end;

        Shared(OfficialSettings settings, Schema<T> schema) {
            this.settings = settings;
            this.schema = schema;
        }

        /** Whether others may still begin to use it: not one that is down for good, which a new one may not be. */
        boolean isUsable() {
            return !created.isDone()
                    || (!created.isCompletedExceptionally() && created.join().isConnected());
        }
    }

    /**
     * Creates a producer, or shares one that is the same. The future belongs to the caller.
     *
     * @param creation creates a producer; called at once, or not at all
     */
    <T> CompletableFuture<Producer<T>> lease(
            OfficialSettings settings, Schema<T> schema, Supplier<CompletableFuture<Producer<T>>> creation) {
        if (linger.isZero() || !isShareable(settings)) {
            return creation.get();
        }
        Shared<T> fresh = new Shared<>(settings, schema);
        Shared<T> used = use(fresh);
        if (used == fresh) {
            creation.get().whenComplete((producer, failure) -> {
                if (failure == null) {
                    fresh.created.complete(producer);
                } else {
                    forget(fresh);
                    fresh.created.completeExceptionally(failure);
                }
            });
        }
        CompletableFuture<Producer<T>> leased = new CompletableFuture<>();
        used.created.whenComplete((producer, failure) -> {
            if (failure != null) {
                leased.completeExceptionally(failure);
            } else if (!leased.complete(
                    Lease.of((SupervisedProducer<T>) producer, control, callbacks, () -> release(used)))) {
                release(used); // the caller has given up
            }
        });
        return leased;
    }

    /** A name, or access that excludes others, must be free as soon as it is given back. */
    private static boolean isShareable(OfficialSettings settings) {
        return settings.producerName() == null && settings.accessMode() == ProducerAccessMode.Shared;
    }

    /**
     * Begins to use a producer: one that is the same, or else the given one. Compares without the lock, since settings
     * and schemas have code of the application in them, and does so again if the producers have changed meanwhile.
     */
    @SuppressWarnings("unchecked") // equal schemas have messages of the same type
    private <T> Shared<T> use(Shared<T> fresh) {
        while (true) {
            List<Shared<?>> candidates = usable();
            Shared<?> same = candidates.stream()
                    .filter(candidate -> candidate.settings.equals(fresh.settings)
                            && Schemas.areSame(candidate.schema, fresh.schema))
                    .findFirst()
                    .orElse(fresh);
            if (tryUse(same, candidates)) {
                return (Shared<T>) same;
            }
        }
    }

    private List<Shared<?>> usable() {
        lock.lock();
        try {
            shared.removeIf(old -> !old.isUsable() && retire(old));
            return List.copyOf(shared);
        } finally {
            lock.unlock();
        }
    }

    private boolean tryUse(Shared<?> wanted, List<Shared<?>> seen) {
        lock.lock();
        try {
            if (!shared.equals(seen)) {
                return false;
            }
            if (!seen.contains(wanted)) {
                shared.add(wanted);
            }
            wanted.users++;
            cancelEnd(wanted);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Has nobody else begin to use it; it is stopped when its last user has closed it. */
    private boolean retire(Shared<?> old) {
        cancelEnd(old);
        if (old.users == 0) {
            stop(old);
        }
        return true;
    }

    private void cancelEnd(Shared<?> candidate) {
        if (candidate.end != null) {
            candidate.end.cancel();
            candidate.end = null;
        }
    }

    private void release(Shared<?> used) {
        lock.lock();
        try {
            used.users--;
            if (used.users > 0) {
                return;
            }
            if (shared.contains(used)) {
                used.end = control.schedule(linger, () -> end(used));
            } else {
                stop(used);
            }
        } finally {
            lock.unlock();
        }
    }

    private void end(Shared<?> unused) {
        lock.lock();
        try {
            if (unused.users == 0 && shared.remove(unused)) {
                stop(unused);
            }
        } finally {
            lock.unlock();
        }
    }

    private void forget(Shared<?> failed) {
        lock.lock();
        try {
            shared.remove(failed);
        } finally {
            lock.unlock();
        }
    }

    /** Not on this thread, which holds the lock. */
    private void stop(Shared<?> unused) {
        callbacks.execute(() -> unused.created.thenAccept(Producer::closeAsync));
    }
}
