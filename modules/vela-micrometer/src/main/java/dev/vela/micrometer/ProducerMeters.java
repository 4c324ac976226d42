package dev.vela.micrometer;

import dev.vela.Outcome;
import dev.vela.VelaEvent;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * All meters of one name and topic. A producer and its successor of the same name share them while both are there.
 *
 * <p>Thread-safe, except for the number of users.
 */
final class ProducerMeters {
    private final Binding binding;
    private final MeterSet set;
    private final String name;
    private final String topic;
    private final Tags tags;
    private final ProducerGauges gauges;
    private final EventMeters events;
    private final @Nullable AnswerMeters answers; // null if each partition has meters of its own
    private final Map<Integer, AnswerMeters> partitions = new ConcurrentHashMap<>();
    private volatile @Nullable Timer blocked;
    private int users; // guarded by the lock of the binding

    /** Registers what every producer needs, for no user yet. */
    ProducerMeters(Binding binding, String name, String topic) {
        this.binding = binding;
        this.set = binding.newSet();
        this.name = name;
        this.topic = topic;
        this.tags = binding.tags().and(Meters.NAME, name, Meters.TOPIC, topic);
        this.gauges = new ProducerGauges(binding, set, tags, name, topic);
        this.events = new EventMeters(binding, set, tags, topic);
        this.answers = binding.hasPartitions() ? null : new AnswerMeters(binding, set, tags);
        gauges.register();
    }

    String name() {
        return name;
    }

    String topic() {
        return topic;
    }

    // ---- users, under the lock of the binding

    void join() {
        users++;
    }

    /** Removes all meters with the last user, and returns whether this was the last one. */
    boolean leave() {
        users--;
        if (users == 0) {
            set.remove();
        }
        return users == 0;
    }

    /** Removes all meters, whoever uses them. */
    void remove() {
        set.remove();
    }

    // ---- counting

    void stored(int partition, int messages, long bytes, long nanos, boolean areDuplicates) {
        if (areDuplicates) {
            answers(partition).duplicates(messages, nanos);
        } else {
            answers(partition).stored(messages, bytes, nanos);
        }
    }

    void failed(int partition, int messages, long nanos, Outcome outcome, Throwable cause) {
        answers(partition).failed(messages, nanos, outcome, cause);
    }

    void replayed(int partition, int messages) {
        answers(partition).replayed(messages);
    }

    private AnswerMeters answers(int partition) {
        return answers != null ? answers : partitions.computeIfAbsent(partition, this::ofPartition);
    }

    private AnswerMeters ofPartition(int partition) {
        String value = partition < 0 ? "none" : Integer.toString(partition);
        return new AnswerMeters(binding, set, tags.and(Meters.PARTITION, value));
    }

    void blocked(long nanos) {
        Timer timer = blocked;
        if (timer == null) { // several threads register the same one
            MeterRegistry registry = binding.registry();
            timer = set.add(() -> Meters.blocked(registry, tags));
            blocked = timer;
        }
        if (timer != null) {
            timer.record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    void happened(VelaEvent event) {
        events.happened(event);
    }

    void show(Readings.Moment moment) {
        gauges.show(moment);
    }
}
