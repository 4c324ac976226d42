package dev.vela.internal.live;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.vela.VelaEvent;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last events of a runtime, as text: an exception may hold on to anything. Each is recorded by Flight Recorder, too.
 *
 * <p>Thread-safe. Never throws. Adding an event asks its cause for its message, and may enter Flight Recorder.
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
        String cause = event.cause().map(EventLog::text).orElse(null);
        String producer = event.producer().orElse(null);
        keep(event, producer, cause);
        Flight.life(runtime, event, producer, cause);
    }

    private static String text(Throwable cause) {
        try {
            return CauseText.of(cause);
        } catch (Throwable e) { // the class may be the application's
            log.debug("There is no text of a cause", e);
            return cause.getClass().getName();
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

    /** Those that are kept and have a higher number; all if there has been no event of that number yet. */
    Tail after(long number) {
        List<Entry> kept;
        long lastKept;
        lock.lock();
        try {
            kept = new ArrayList<>(entries);
            lastKept = last;
        } finally {
            lock.unlock();
        }
        long from = number > lastKept ? 0 : number;
        return new Tail(
                lastKept, kept.stream().filter(entry -> entry.number() > from).toList());
    }
}
