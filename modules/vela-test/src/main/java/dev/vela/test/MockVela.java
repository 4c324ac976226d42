package dev.vela.test;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.vela.AlreadyStartedException;
import dev.vela.ChildSpec;
import dev.vela.PartitionedProducer;
import dev.vela.ProducerGroup;
import dev.vela.Snapshot;
import dev.vela.SupervisedProducer;
import dev.vela.SupervisedProducerBuilder;
import dev.vela.Vela;
import dev.vela.VelaMXBean;
import dev.vela.internal.checks.Checks;
import dev.vela.internal.live.EventLog;
import dev.vela.internal.live.Management;
import dev.vela.internal.pulsar.Schemas;
import dev.vela.internal.pulsar.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.apache.pulsar.client.api.ProducerBuilder;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Vela} without a broker: the producers that it starts are {@link MockSupervisedProducer}s. For tests of code
 * that starts its producers itself.
 *
 * <p>Its builders are checked as real ones, and names are taken as in a real runtime. A topic has no partitions unless
 * {@link #partitions} says so. It has no client, no listeners, and starts no children other than producers.
 *
 * <p>Thread-safe. It has no threads, and holds nothing that must be closed.
 */
public final class MockVela implements Vela {
    private static final Duration DRAIN = Duration.ofSeconds(10);
    private static final long MAX_PENDING_MESSAGES = 1_000_000;
    private static final long MAX_PENDING_BYTES = Long.MAX_VALUE;

    private final Management management = new Management(this, "mock", true, new EventLog("mock"));
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<String, MockSupervisedProducer<?>> producers = new LinkedHashMap<>(); // in the order of starts

    @GuardedBy("lock")
    private final Map<String, Integer> partitions = new HashMap<>(); // by the full name of the topic

    @GuardedBy("lock")
    private @Nullable PulsarClientException nextStart;

    @GuardedBy("lock")
    private boolean closed;

    /** Creates a runtime without producers. */
    public MockVela() {}

    // ---- what a test decides

    /**
     * Gives a topic partitions, for producers that are started later.
     *
     * @param topic the topic, short or full
     * @param number how many partitions; 0 for a topic without partitions
     */
    public void partitions(String topic, int number) {
        Checks.notBlank("topic", topic);
        Checks.atLeast("number", 0, number);
        lock.lock();
        try {
            partitions.put(fullName(topic), number);
        } finally {
            lock.unlock();
        }
    }

    /** Fails the next start of a producer with this exception, as a look-up may fail. */
    public void failNextStart(PulsarClientException failure) {
        lock.lock();
        try {
            nextStart = Objects.requireNonNull(failure, "failure");
        } finally {
            lock.unlock();
        }
    }

    /**
     * The live producer of this name, as {@link #get} returns it, for a test to control it.
     *
     * @throws IllegalArgumentException if there is none, or if it was started with another schema
     */
    public <T> MockSupervisedProducer<T> producer(String name, Schema<T> schema) {
        try {
            return (MockSupervisedProducer<T>) get(name, schema);
        } catch (PulsarClientException.NotFoundException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static String fullName(String topic) {
        String stripped = topic.strip();
        if (stripped.contains("://")) {
            return stripped;
        }
        return "persistent://" + (stripped.contains("/") ? "" : "public/default/") + stripped;
    }

    // ---- starting

    @Override
    public <T> SupervisedProducerBuilder<T, SupervisedProducer<T>> newProducer(Schema<T> schema) {
        return MockProducerBuilder.of(
                this,
                schema,
                MockProducerBuilder.Kind.EITHER,
                Blueprint.runtime().newProducer(schema));
    }

    @Override
    public <T> SupervisedProducerBuilder<T, ProducerGroup<T>> newProducerGroup(Schema<T> schema) {
        return MockProducerBuilder.of(
                this,
                schema,
                MockProducerBuilder.Kind.GROUP,
                Blueprint.runtime().newProducerGroup(schema));
    }

    @Override
    public <T> SupervisedProducerBuilder<T, PartitionedProducer<T>> newPartitionedProducer(Schema<T> schema) {
        return MockProducerBuilder.of(
                this,
                schema,
                MockProducerBuilder.Kind.PARTITIONED,
                Blueprint.runtime().newPartitionedProducer(schema));
    }

    <T> MockSupervisedProducer<T> start(MockSettings<T> settings, MockProducerBuilder.Kind kind)
            throws PulsarClientException {
        lock.lock();
        try {
            if (closed) {
                throw new PulsarClientException.AlreadyClosedException("this Vela is closed");
            }
            MockSupervisedProducer<?> holder = producers.get(settings.name());
            if (holder != null) {
                throw new AlreadyStartedException(holder);
            }
            PulsarClientException failure = nextStart;
            if (failure != null) {
                nextStart = null;
                throw failure;
            }
            MockSupervisedProducer<T> started = create(settings, kind);
            producers.put(settings.name(), started);
            return started;
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private <T> MockSupervisedProducer<T> create(MockSettings<T> settings, MockProducerBuilder.Kind kind)
            throws PulsarClientException {
        Runnable whenStopped = () -> free(settings.name());
        int number = settings.partitions() > 0
                ? settings.partitions()
                : partitions.getOrDefault(fullName(settings.topic()), 0);
        if (kind == MockProducerBuilder.Kind.PARTITIONED && number == 0) {
            throw new PulsarClientException.InvalidConfigurationException(
                    settings.topic() + " has no partitions: use newProducer or newProducerGroup");
        }
        boolean isGroup = kind == MockProducerBuilder.Kind.GROUP || Topics.partition(settings.topic()) >= 0;
        return isGroup || number == 0
                ? new MockProducerGroup<>(settings, whenStopped)
                : new MockPartitionedProducer<>(settings.withPartitions(number), whenStopped);
    }

    private void free(String name) {
        lock.lock();
        try {
            producers.remove(name);
        } finally {
            lock.unlock();
        }
    }

    /** Starts a producer. Fails with {@link UnsupportedOperationException} for any other child. */
    @Override
    public CompletableFuture<Void> startAsync(ChildSpec spec) {
        Objects.requireNonNull(spec, "spec");
        try {
            if (!(spec.starter() instanceof MockProducerBuilder.Starter starter)) {
                throw new UnsupportedOperationException(
                        "a MockVela starts nothing but producers of its own builders, was given " + spec);
            }
            starter.start(spec.id());
            return CompletableFuture.completedFuture(null);
        } catch (PulsarClientException | UnsupportedOperationException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Always throws: a mock has no client. Test code that knows only a client with a local Pulsar. */
    @Override
    public PulsarClient supervisedClient() {
        throw noClient();
    }

    /** Always throws: a mock has no client. */
    @Override
    public <T> ProducerBuilder<T> supervisedBuilder(
            ProducerBuilder<T> builder, Consumer<? super SupervisedProducerBuilder<?, ?>> customizer) {
        Objects.requireNonNull(builder, "builder");
        Objects.requireNonNull(customizer, "customizer");
        throw noClient();
    }

    /** Always throws: a mock has no client. */
    @Override
    public PulsarClient client() {
        throw noClient();
    }

    private static UnsupportedOperationException noClient() {
        return new UnsupportedOperationException("a MockVela has no client: use a local Pulsar");
    }

    // ---- finding

    @Override
    public String name() {
        return management.getName();
    }

    @Override
    public Optional<SupervisedProducer<?>> find(String name) {
        Objects.requireNonNull(name, "name");
        lock.lock();
        try {
            return Optional.ofNullable(producers.get(name));
        } finally {
            lock.unlock();
        }
    }

    @Override
    @SuppressWarnings("unchecked") // checked by the schema
    public <T> SupervisedProducer<T> get(String name, Schema<T> schema) throws PulsarClientException.NotFoundException {
        Objects.requireNonNull(schema, "schema");
        MockSupervisedProducer<?> found = (MockSupervisedProducer<?>) find(name).orElseThrow(() -> notFound(name));
        Schema<?> started = found.settings().schema();
        if (!Schemas.areSame(started, schema)) {
            throw new IllegalArgumentException("schema must be the one that " + name + " was started with, "
                    + Schemas.text(started) + ", was " + Schemas.text(schema));
        }
        return (SupervisedProducer<T>) found;
    }

    private static PulsarClientException.NotFoundException notFound(String name) {
        return new PulsarClientException.NotFoundException(
                "nothing named " + Checks.text(name) + " is started in this Vela");
    }

    @Override
    public List<SupervisedProducer<?>> producers() {
        return Collections.unmodifiableList(mocks());
    }

    private List<MockSupervisedProducer<?>> mocks() {
        lock.lock();
        try {
            return new ArrayList<>(producers.values());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Snapshot snapshot() {
        List<Snapshot.Topic> topics =
                mocks().stream().map(SupervisedProducer::snapshot).toList();
        List<Snapshot.Group> groups =
                topics.stream().flatMap(topic -> topic.groups().stream()).toList();
        return new Snapshot(
                topics,
                groups.stream().mapToLong(Snapshot.Group::pendingMessages).sum(),
                groups.stream().mapToLong(Snapshot.Group::pendingBytes).sum(),
                MAX_PENDING_MESSAGES,
                MAX_PENDING_BYTES);
    }

    /** The same as of a real runtime, but not registered anywhere. */
    @Override
    public VelaMXBean management() {
        return management;
    }

    // ---- stopping

    @Override
    public CompletableFuture<Void> stopAsync(String name, Duration drain) {
        Checks.notNegative("drain", drain);
        SupervisedProducer<?> found = find(name).orElse(null);
        return found == null ? CompletableFuture.failedFuture(notFound(name)) : found.stopAsync(drain);
    }

    /** Stops all producers, as {@link MockSupervisedProducer#stopAsync} does, and starts none from now on. */
    @Override
    public CompletableFuture<Void> closeAsync(Duration drain) {
        Checks.notNegative("drain", drain);
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        return CompletableFuture.allOf(
                mocks().stream().map(mock -> mock.stopAsync(drain)).toArray(CompletableFuture<?>[]::new));
    }

    @Override
    public void close() throws PulsarClientException {
        MockSupervisedProducer.checkMayBlock("close", "closeAsync");
        MockSupervisedProducer.joinWithin(DRAIN, this::closeAsync, "close");
    }
}
