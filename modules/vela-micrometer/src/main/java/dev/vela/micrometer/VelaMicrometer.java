package dev.vela.micrometer;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.vela.Outcome;
import dev.vela.Vela;
import dev.vela.VelaBuilder;
import dev.vela.VelaEvent;
import dev.vela.VelaMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The metrics of one runtime, in a registry of Micrometer.
 *
 * <pre>{@code
 * Vela vela = Vela.builder()
 *         .serviceUrl("pulsar://localhost:6650")
 *         .metrics(VelaMicrometer.of(registry))
 *         .build();
 * }</pre>
 *
 * <p>Every meter has the name of the runtime as its tag {@code runtime}, and those of a producer have {@code name} and
 * {@code topic}. Runtimes that share a registry need different names: see {@link VelaBuilder#name}. The tags
 * {@code error} and {@code cause} are the simple names of exception classes, at most 50 different ones in a runtime,
 * then {@code other}. Names of official producers and texts of failures are in no tag.
 *
 * <p>A producer has eight meters from its start, and one for each state and each kind of event that it has seen: twelve
 * for one that never had trouble. All others are registered when they are first needed. A state is seen when a gauge is
 * read, so its gauge may appear one scrape later. Gauges read one snapshot of the runtime, which is at most a second
 * old. The meters of a producer are removed when it has ended, those of the runtime when {@link Vela#close} returns.
 * What fails in a producer that has ended is not counted. Events of children that are not producers are not counted
 * either.
 *
 * <p>Thread-safe. An object serves one runtime.
 */
public final class VelaMicrometer implements VelaMetrics {
    private final MeterRegistry registry;
    private final Tags tags;
    private final boolean hasPartitions;
    private final AtomicReference<Binding> binding = new AtomicReference<>();
    private final ReentrantLock lock = new ReentrantLock();

    /** By name: the producer that was started last under it. */
    private final Map<String, ProducerMeters> latest = new ConcurrentHashMap<>();

    @GuardedBy("lock")
    private final Map<Key, ProducerMeters> all = new HashMap<>();

    private final MeterSet ofRuntime;

    @GuardedBy("lock")
    private boolean isClosed;

    private record Key(String name, String topic) {}

    private VelaMicrometer(Builder builder) {
        this.registry = builder.registry;
        this.tags = builder.tags;
        this.hasPartitions = builder.hasPartitions;
        this.ofRuntime = new MeterSet(registry, lock);
    }

    /** Metrics in this registry, with the defaults of {@link #builder}. */
    public static VelaMicrometer of(MeterRegistry registry) {
        return builder(registry).build();
    }

    /** Describes metrics in this registry. */
    public static Builder builder(MeterRegistry registry) {
        return new Builder(Objects.requireNonNull(registry, "registry"));
    }

    /**
     * Describes metrics.
     *
     * <p><em>Not</em> thread-safe.
     */
    public static final class Builder {
        private static final Set<String> OWN_KEYS = Set.of(
                Meters.RUNTIME,
                Meters.NAME,
                Meters.TOPIC,
                Meters.PARTITION,
                Meters.OUTCOME,
                Meters.ERROR,
                Meters.STATE,
                Meters.LEVEL,
                Meters.CAUSE,
                Meters.TYPE,
                Meters.KIND);

        private final MeterRegistry registry;
        private Tags tags = Tags.empty();
        private boolean hasPartitions;

        private Builder(MeterRegistry registry) {
            this.registry = registry;
        }

        /**
         * Whether answered and replayed messages are counted and timed for each partition, under the tag
         * {@code partition}; {@code none} for a topic without partitions, and for messages that failed before they had
         * one. Default false: a topic of a thousand partitions would have four thousand meters of this kind.
         */
        public Builder partitions(boolean enabled) {
            this.hasPartitions = enabled;
            return this;
        }

        /**
         * Adds tags to every meter. Default: none.
         *
         * @throws IllegalArgumentException if a key is one that these meters have themselves
         */
        public Builder tags(Iterable<Tag> tags) {
            Objects.requireNonNull(tags, "tags");
            for (Tag tag : tags) {
                Objects.requireNonNull(tag, "tags");
                if (OWN_KEYS.contains(tag.getKey())) {
                    throw new IllegalArgumentException(
                            "tags must not have a key of the meters themselves, was " + tag.getKey());
                }
            }
            this.tags = this.tags.and(tags);
            return this;
        }

        /** Builds the metrics. Registers nothing: {@link VelaMicrometer#bind} does. */
        public VelaMicrometer build() {
            return new VelaMicrometer(this);
        }
    }

    /**
     * Registers the meters of the runtime. Called by {@link VelaBuilder#build}.
     *
     * @throws IllegalStateException if this has been bound before
     */
    @Override
    public void bind(Vela vela) {
        Binding fresh = new Binding(
                vela.name(),
                registry,
                tags.and(Meters.RUNTIME, vela.name()),
                hasPartitions,
                new Readings(vela, registry.config().clock(), this::show),
                new ExceptionNames(),
                lock);
        if (!binding.compareAndSet(null, fresh)) {
            throw new IllegalStateException("a VelaMicrometer serves one runtime: it was given to \"" + vela.name()
                    + "\" and serves \"" + bound().runtime() + "\" already");
        }
        registerRuntime(fresh);
    }

    private void registerRuntime(Binding its) {
        Readings readings = its.readings();
        ofRuntime.add(() -> Meters.runtimeMessages(
                registry, its.tags(), readings, of -> of.now().snapshot().pendingMessages()));
        ofRuntime.add(() -> Meters.runtimeBytes(
                registry, its.tags(), readings, of -> of.now().snapshot().pendingBytes()));
        ofRuntime.add(() -> Meters.runtimeMessagesLimit(
                registry, its.tags(), readings, of -> of.now().snapshot().maxPendingMessages()));
        ofRuntime.add(() -> Meters.runtimeBytesLimit(
                registry, its.tags(), readings, of -> of.now().snapshot().maxPendingBytes()));
    }

    private Binding bound() {
        Binding its = binding.get();
        if (its == null) {
            throw new IllegalStateException("a VelaMicrometer must be bound to a runtime first, was not");
        }
        return its;
    }

    private void show(Readings.Moment moment) {
        latest.values().forEach(meters -> meters.show(moment));
    }

    /**
     * Registers the meters of a producer. Called by the runtime.
     *
     * @throws IllegalStateException if this has not been bound
     */
    @Override
    public Messages of(String name, String topic) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(topic, "topic");
        Binding its = bound();
        lock.lock();
        try {
            if (isClosed) {
                return new Messages() {};
            }
            ProducerMeters meters =
                    all.computeIfAbsent(new Key(name, topic), key -> new ProducerMeters(its, name, topic));
            meters.join();
            latest.put(name, meters);
            return new Reporter(meters);
        } finally {
            lock.unlock();
        }
    }

    private void leave(ProducerMeters meters) {
        lock.lock();
        try {
            if (meters.leave()) {
                all.remove(new Key(meters.name(), meters.topic()), meters);
                latest.remove(meters.name(), meters);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Counts an event. Called by the runtime. */
    @Override
    public void onEvent(VelaEvent event) {
        ProducerMeters meters = latest.get(event.name());
        if (meters != null) {
            meters.happened(event);
        }
    }

    /** Removes all meters from the registry. Called by the runtime. */
    @Override
    public void close() {
        lock.lock();
        try {
            isClosed = true;
            all.values().forEach(ProducerMeters::remove);
            all.clear();
            latest.clear();
            ofRuntime.remove();
        } finally {
            lock.unlock();
        }
    }

    /** Counts for one producer, until it has ended. */
    private final class Reporter implements Messages {
        private final ProducerMeters meters;
        private final AtomicBoolean hasEnded = new AtomicBoolean();

        Reporter(ProducerMeters meters) {
            this.meters = meters;
        }

        @Override
        public void stored(int partition, int messages, long bytes, long nanos, boolean areDuplicates) {
            meters.stored(partition, messages, bytes, nanos, areDuplicates);
        }

        @Override
        public void failed(int partition, int messages, long nanos, Outcome outcome, Throwable cause) {
            meters.failed(partition, messages, nanos, outcome, cause);
        }

        @Override
        public void blocked(long nanos) {
            meters.blocked(nanos);
        }

        @Override
        public void replayed(int partition, int messages) {
            meters.replayed(partition, messages);
        }

        @Override
        public void close() {
            if (!hasEnded.getAndSet(true)) {
                leave(meters);
            }
        }
    }
}
