package dev.vela.internal.live;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.vela.VelaEvent;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last events of a runtime, as text: an exception may hold on to anything. Each is recorded by Flight Recorder, too.
 *
 * <p>Thread-safe. Never blocks, never throws.
 */
public final class EventLog {
    static final int CAPACITY = 1000;

    private static final Logger log = LoggerFactory.getLogger(EventLog.class);

    private final String runtime;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final ArrayDeque<Entry> entries = new ArrayDeque<>();

    @GuardedBy("lock")
    private long last;

    /** An event, with its number in its runtime: the first is 1. */
    record Entry(
            long number,
            Instant time,
            VelaEvent.Type type,
            String name,
            String topic,
            @Nullable String producer,
            @Nullable String cause) {}

    /** Some events, oldest first, and the number of the last event there was. */
    record Tail(long last, List<Entry> entries) {}

    public EventLog(String runtime) {
        this.runtime = runtime;
    }

    public void add(VelaEvent event) {
        try {
            String cause = event.cause().map(CauseText::of).orElse(null);
            String producer = event.producer().orElse(null);
            keep(event, producer, cause);
            Flight.life(runtime, event, producer, cause);
        } catch (Throwable e) { // what happens matters more than its record
            log.debug("{} was not recorded", event.type(), e);
        }
    }

    private void keep(VelaEvent event, @Nullable String producer, @Nullable String cause) {
        lock.lock();
        try {
            if (entries.size() == CAPACITY) {
                entries.remove();
            }
            last++;
            entries.add(new Entry(last, event.time(), event.type(), event.name(), event.topic(), producer, cause));
        } finally {
            lock.unlock();
        }
    }

    /** Those that are kept and have a higher number. */
    Tail after(long number) {
        lock.lock();
        try {
            return new Tail(
                    last,
                    entries.stream().filter(entry -> entry.number() > number).toList());
        } finally {
            lock.unlock();
        }
    }
}
