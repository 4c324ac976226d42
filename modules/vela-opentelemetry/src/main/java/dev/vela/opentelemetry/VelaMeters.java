package dev.vela.opentelemetry;

import dev.vela.Vela;
import dev.vela.VelaEvent;
import dev.vela.VelaMetrics;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.Meter;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Metrics of a runtime: counters and durations of its messages, and gauges of its tree. Given to
 * {@code VelaBuilder.metrics}.
 *
 * <p>All have the attributes {@code vela.runtime} (the runtime's name), {@code vela.name} (the producer's name in it) and
 * {@code messaging.destination.name} (the topic); those of the whole runtime have the first alone. By default the
 * partitions of a topic are added up: see {@link #withPartitions}. The number of time series is bounded by the number of
 * producers and partitions: official producers are never named, and at most 50 classes of failures are told apart.
 *
 * <p>Thread-safe; never blocks, unless the SDK does. An object serves one runtime.
 */
public final class VelaMeters implements VelaMetrics {
    private static final int MOST_ERROR_TYPES = 50;

    private final OpenTelemetry openTelemetry;
    private final boolean hasPartitions;
    private final ErrorTypes errors = new ErrorTypes(MOST_ERROR_TYPES);
    private final ConcurrentMap<String, String> topics = new ConcurrentHashMap<>(); // of the live producers, by name
    private final AtomicReference<@Nullable Bound> bound = new AtomicReference<>();

    /** What there is once the runtime is known. */
    private record Bound(String runtime, Instruments instruments, Gauges gauges) {}

    private VelaMeters(OpenTelemetry openTelemetry, boolean hasPartitions) {
        this.openTelemetry = openTelemetry;
        this.hasPartitions = hasPartitions;
    }

    /**
     * Creates metrics that use the meters of an SDK, without partitions.
     *
     * @throws NullPointerException if {@code openTelemetry} is null
     */
    public static VelaMeters of(OpenTelemetry openTelemetry) {
        return new VelaMeters(Objects.requireNonNull(openTelemetry, "openTelemetry"), false);
    }

    /**
     * Creates metrics of the same SDK that tell partitions apart, by {@code messaging.destination.partition.id}. For a
     * topic of 100 partitions that is about 100 times as many time series.
     */
    public VelaMeters withPartitions() {
        return new VelaMeters(openTelemetry, true);
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException if this object serves another runtime
     */
    @Override
    public void bind(Vela vela) {
        Meter meter = openTelemetry.getMeter(Names.SCOPE);
        if (bound.get() != null) {
            throw new IllegalStateException("VelaMeters must serve one runtime, was given to another: " + vela.name());
        }
        Bound fresh = new Bound(vela.name(), new Instruments(meter), new Gauges(vela, meter, hasPartitions));
        if (!bound.compareAndSet(null, fresh)) {
            fresh.gauges().close();
            throw new IllegalStateException("VelaMeters must serve one runtime, was given to another: " + vela.name());
        }
    }

    private Bound bound() {
        Bound its = bound.get();
        if (its == null) {
            throw new IllegalStateException("VelaMeters must be bound to a runtime first");
        }
        return its;
    }

    @Override
    public Messages of(String name, String topic) {
        Bound its = bound();
        topics.put(name, topic);
        Attributes attributes = Attributes.of(Names.RUNTIME, its.runtime(), Names.NAME, name, Names.DESTINATION, topic);
        return new MessageMeters(
                its.instruments(), attributes, hasPartitions, errors, () -> topics.remove(name, topic));
    }

    @Override
    public void onEvent(VelaEvent event) {
        Bound its = bound();
        Attributes attributes = attributesOf(its.runtime(), event);
        its.instruments()
                .events
                .add(
                        1,
                        attributes.toBuilder()
                                .put(Names.EVENT, Names.text(event.type()))
                                .build());
        if (event.type() == VelaEvent.Type.RESTARTED) {
            AttributesBuilder restarted = attributes.toBuilder().put(Names.LEVEL, level(event));
            event.cause().ifPresent(cause -> restarted.put(Names.ERROR, errors.of(cause)));
            its.instruments().restarts.add(1, restarted.build());
        }
    }

    private Attributes attributesOf(String runtime, VelaEvent event) {
        AttributesBuilder attributes =
                Attributes.builder().put(Names.RUNTIME, runtime).put(Names.NAME, event.name());
        String topic = topics.get(event.name());
        if (topic == null) { // the producer has ended meanwhile, or this is not one
            topic = Partition.topicOf(event.topic());
        }
        if (!topic.isEmpty()) {
            attributes.put(Names.DESTINATION, topic);
        }
        String partition = hasPartitions ? Partition.idOf(event.topic()) : null;
        if (partition != null) {
            attributes.put(Names.PARTITION, partition);
        }
        return attributes.build();
    }

    /** What was restarted: an official producer, the group of a partition, or the producer as a whole. */
    private String level(VelaEvent event) {
        if (event.producer().isPresent()) {
            return "producer";
        }
        return event.topic().equals(topics.get(event.name())) ? "handle" : "group";
    }

    @Override
    public void close() {
        Bound its = bound.get();
        if (its != null) {
            its.gauges().close();
        }
    }
}
