package dev.vela.micrometer;

import dev.vela.Snapshot;
import dev.vela.Vela;
import io.micrometer.core.instrument.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What all gauges of a runtime read: one snapshot, until it is a second old. Thread-safe. */
final class Readings {
    private static final long LIFE = TimeUnit.SECONDS.toNanos(1);

    private final Vela vela;
    private final Clock clock;
    private final Consumer<Readings.Moment> onTaken;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Moment last;

    /** One snapshot, and what it says of each producer, by name. */
    record Moment(long at, Snapshot snapshot, Map<String, Reading> producers) {
        static Moment of(long at, Snapshot snapshot) {
            Map<String, Reading> producers = new HashMap<>();
            for (Snapshot.Topic topic : snapshot.topics()) {
                producers.put(topic.name(), Reading.of(topic));
            }
            return new Moment(at, snapshot, producers);
        }

        Reading of(String name, String topic) {
            Reading reading = producers.get(name);
            return reading == null || !reading.topic().equals(topic) ? Reading.NOTHING : reading;
        }
    }

    /**
     * Creates readings, and reads nothing.
     *
     * @param onTaken told of each snapshot, on the thread that reads a gauge, without a lock
     */
    Readings(Vela vela, Clock clock, Consumer<Moment> onTaken) {
        this.vela = vela;
        this.clock = clock;
        this.onTaken = onTaken;
    }

    Moment now() {
        Moment known = last;
        if (known != null && isFresh(known)) {
            return known;
        }
        Moment taken;
        lock.lock();
        try {
            Moment others = last;
            if (others != null && isFresh(others)) {
                return others;
            }
            taken = Moment.of(clock.monotonicTime(), vela.snapshot());
            last = taken;
        } finally {
            lock.unlock();
        }
        onTaken.accept(taken);
        return taken;
    }

    private boolean isFresh(Moment moment) {
        return clock.monotonicTime() - moment.at() < LIFE;
    }
}
