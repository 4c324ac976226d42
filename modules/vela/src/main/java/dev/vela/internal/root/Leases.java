package dev.vela.internal.root;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.vela.SupervisedProducer;
import dev.vela.internal.pulsar.OfficialSettings;
import dev.vela.internal.pulsar.Schemas;
import dev.vela.internal.scheduling.Scheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Shares one producer between users that repeatedly create the same producer, such as a framework that creates and
 * closes a producer for each message. A producer stays for a while after its last user has closed it.
 *
 * <p>Thread-safe. No lock is held while a producer is created, asked, or stopped, and none while builders are compared.
 */
final class Leases {
    /** How many producers may stay without a user: builders that are never the same must not pile up. */
    static final int MOST_UNUSED = 100;

    private static final int MOST_COMPARISONS = 10;

    private final Scheduler control;
    private final Executor callbacks;
    private final Duration linger;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final List<Shared<?>> shared = new ArrayList<>();

    @GuardedBy("lock")
    private final Deque<Shared<?>> unused = new ArrayDeque<>(); // of those, by the time of their last release

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
        private long turns; // how often somebody has begun to use it
        private Scheduler.@Nullable Cancellable end;

        Shared(OfficialSettings settings, Schema<T> schema) {
            this.settings = settings;
            this.schema = schema;
        }

        boolean isSame(OfficialSettings others, Schema<?> othersSchema) {
            return settings.equals(others) && Schemas.areInterchangeable(schema, othersSchema);
        }

        /** Whether it is down for good, which a new one may not be. */
        boolean isDown() {
            return created.isDone()
                    && (created.isCompletedExceptionally() || !created.join().isConnected());
        }
    }

    /**
     * Creates a producer, or shares one that is the same. The future belongs to the caller.
     *
     * @param creation creates a producer; called at once, or not at all
     */
    <T> CompletableFuture<Producer<T>> lease(
            OfficialSettings settings, Schema<T> schema, Supplier<CompletableFuture<Producer<T>>> creation) {
        if (linger.isZero() || !settings.isShareable()) {
            return creation.get();
        }
        Shared<T> fresh = new Shared<>(settings, schema);
        Shared<T> used = use(fresh);
        if (used == fresh) {
            create(fresh, creation);
        }
        CompletableFuture<Producer<T>> leased = new CompletableFuture<>();
        if (used.created.isDone()) {
            used.created.whenComplete((producer, failure) -> handOut(used, producer, failure, leased));
        } else { // each on a thread of its own: what one user does then must not hold up the others
            used.created.whenCompleteAsync((producer, failure) -> handOut(used, producer, failure, leased), callbacks);
        }
        return leased;
    }

    private <T> void create(Shared<T> fresh, Supplier<CompletableFuture<Producer<T>>> creation) {
        CompletableFuture<Producer<T>> creating;
        try {
            creating = creation.get();
        } catch (Throwable e) {
            creating = CompletableFuture.failedFuture(e);
        }
        creating.whenComplete((producer, failure) -> {
            if (failure == null) {
                fresh.created.complete(producer);
            } else {
                forget(fresh);
                fresh.created.completeExceptionally(failure);
            }
        });
    }

    private <T> void handOut(
            Shared<T> used,
            @Nullable Producer<T> producer,
            @Nullable Throwable failure,
            CompletableFuture<Producer<T>> leased) {
        if (producer == null) {
            leased.completeExceptionally(failure == null ? new IllegalStateException("no producer") : failure);
        } else if (!leased.complete(Lease.of((SupervisedProducer<T>) producer, () -> release(used)))) {
            release(used); // the caller has given up
        }
    }

    /**
     * Begins to use a producer: one that is the same, or else the given one. Compares without the lock, since settings
     * and schemas have code of the application in them, and again if the producers have changed meanwhile; if they
     * change all the time, the given one is used.
     */
    @SuppressWarnings("unchecked") // interchangeable schemas have messages of the same type
    private <T> Shared<T> use(Shared<T> fresh) {
        for (int i = 0; i < MOST_COMPARISONS; i++) {
            List<Shared<?>> seen = all();
            List<Shared<?>> down = seen.stream().filter(Shared::isDown).toList();
            Shared<?> wanted = first(seen, old -> !down.contains(old) && old.isSame(fresh.settings, fresh.schema));
            if (tryUse(wanted == null ? fresh : wanted, seen, down)) {
                return wanted == null ? fresh : (Shared<T>) wanted;
            }
        }
        tryUse(fresh, null, List.of());
        return fresh;
    }

    private static @Nullable Shared<?> first(List<Shared<?>> among, Predicate<Shared<?>> wanted) {
        return among.stream().filter(wanted).findFirst().orElse(null);
    }

    private List<Shared<?>> all() {
        lock.lock();
        try {
            return List.copyOf(shared);
        } finally {
            lock.unlock();
        }
    }

    /** Begins to use a producer, and forgets those that are down; does nothing if the producers have changed. */
    private boolean tryUse(Shared<?> wanted, @Nullable List<Shared<?>> seen, List<Shared<?>> down) {
        List<Shared<?>> over = new ArrayList<>();
        lock.lock();
        try {
            if (seen != null && !shared.equals(seen)) {
                return false;
            }
            for (Shared<?> old : down) { // nobody else begins to use it; its last user stops it
                shared.remove(old);
                if (old.users == 0) {
                    noLongerUnused(old);
                    over.add(old);
                }
            }
            if (!shared.contains(wanted)) {
                shared.add(wanted);
            }
            wanted.users++;
            wanted.turns++;
            noLongerUnused(wanted);
        } finally {
            lock.unlock();
        }
        over.forEach(this::stop);
        return true;
    }

    private void release(Shared<?> used) {
        Shared<?> over = null;
        lock.lock();
        try {
            used.users--;
            if (used.users > 0) {
                return;
            }
            if (!shared.contains(used)) {
                over = used;
            } else {
                long turn = used.turns;
                unused.addLast(used);
                used.end = control.schedule(linger, () -> end(used, turn));
                if (unused.size() > MOST_UNUSED) {
                    over = unused.getFirst();
                    noLongerUnused(over);
                    shared.remove(over);
                }
            }
        } finally {
            lock.unlock();
        }
        if (over != null) {
            stop(over);
        }
    }

    @GuardedBy("lock")
    private void noLongerUnused(Shared<?> one) {
        unused.remove(one);
        if (one.end != null) {
            one.end.cancel();
            one.end = null;
        }
    }

    /** Stops a producer that nobody has used since; a timer may run though it was cancelled a moment before. */
    private void end(Shared<?> lingering, long turn) {
        lock.lock();
        try {
            if (lingering.turns != turn || !shared.remove(lingering)) {
                return;
            }
            unused.remove(lingering);
        } finally {
            lock.unlock();
        }
        stop(lingering);
    }

    private void forget(Shared<?> failed) {
        lock.lock();
        try {
            shared.remove(failed);
        } finally {
            lock.unlock();
        }
    }

    private void stop(Shared<?> over) {
        callbacks.execute(() -> over.created.thenAccept(Producer::closeAsync));
    }
}
