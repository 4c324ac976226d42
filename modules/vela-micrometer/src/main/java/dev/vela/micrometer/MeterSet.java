package dev.vela.micrometer;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Meters that are removed together. None is registered after that, so none is left behind.
 *
 * <p>Thread-safe. All sets of a runtime share a lock: the next set of a name may register the same meters, and does so
 * before the former set removes them, or after.
 */
final class MeterSet {
    private final MeterRegistry registry;
    private final ReentrantLock lock;

    @GuardedBy("lock")
    private final List<Meter> meters = new ArrayList<>();

    @GuardedBy("lock")
    private boolean isRemoved;

    /** Creates an empty set. */
    MeterSet(MeterRegistry registry, ReentrantLock lock) {
        this.registry = registry;
        this.lock = lock;
    }

    /** Adds the meter that this registers. Does nothing, and returns null, once the meters have been removed. */
    <M extends Meter> @Nullable M add(Supplier<M> registration) {
        lock.lock();
        try {
            return isRemoved ? null : added(registration);
        } finally {
            lock.unlock();
        }
    }

    /**
     * The same, but does nothing while another thread has the lock, either: for a thread that reads a gauge, and may
     * have a lock of the registry.
     *
     * @return whether the meter was added
     */
    boolean tryAdd(Supplier<? extends Meter> registration) {
        if (!lock.tryLock()) {
            return false;
        }
        try {
            return !isRemoved && added(registration) != null;
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private <M extends Meter> M added(Supplier<M> registration) {
        M meter = registration.get();
        meters.add(meter);
        return meter;
    }

    void remove() {
        lock.lock();
        try {
            isRemoved = true;
            meters.forEach(registry::remove);
            meters.clear();
        } finally {
            lock.unlock();
        }
    }
}
