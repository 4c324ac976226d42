package dev.vela.micrometer;

import dev.vela.VelaEvent;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Counts the events of one producer, and its restarts. Thread-safe. */
final class EventMeters {
    private final MeterSet set;
    private final MeterRegistry registry;
    private final Tags tags;
    private final String topic;
    private final ExceptionNames exceptions;
    private final Map<VelaEvent.Type, Counter> events = new ConcurrentHashMap<>();
    private final Map<Restart, Counter> restarts = new ConcurrentHashMap<>();

    /** The tags of a counter of restarts. */
    private record Restart(String level, String cause) {}

    EventMeters(Binding binding, MeterSet set, Tags tags, String topic) {
        this.set = set;
        this.registry = binding.registry();
        this.tags = tags;
        this.topic = topic;
        this.exceptions = binding.exceptions();
    }

    void happened(VelaEvent event) {
        increment(events.computeIfAbsent(event.type(), this::counter));
        if (event.type() == VelaEvent.Type.RESTARTED) {
            Restart restart =
                    new Restart(level(event), exceptions.of(event.cause().orElse(null)));
            increment(restarts.computeIfAbsent(restart, this::counter));
        }
    }

    private String level(VelaEvent event) {
        if (event.producer().isPresent()) {
            return "producer";
        }
        return event.topic().equals(topic) ? "handle" : "group";
    }

    private @Nullable Counter counter(VelaEvent.Type type) {
        return set.add(() -> Meters.events(registry, tags, Tokens.of(type)));
    }

    private @Nullable Counter counter(Restart restart) {
        return set.add(() -> Meters.restarts(registry, tags, restart.level(), restart.cause()));
    }

    private static void increment(@Nullable Counter counter) {
        if (counter != null) {
            counter.increment();
        }
    }
}
