package dev.vela.internal.root;

import dev.vela.Backoff;
import dev.vela.Batching;
import dev.vela.ChildSpec;
import dev.vela.InFlightPolicy;
import dev.vela.KeyHash;
import dev.vela.RestartIntensity;
import dev.vela.SupervisedProducer;
import dev.vela.SupervisedProducerBuilder;
import dev.vela.internal.checks.Checks;
import dev.vela.internal.handle.Handle;
import dev.vela.internal.pulsar.Topics;
import dev.vela.internal.runtime.OfficialTerms;
import dev.vela.internal.runtime.ProducerSettings;
import dev.vela.internal.runtime.TopicKind;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.pulsar.client.api.CompressionType;
import org.apache.pulsar.client.api.MessageRouter;
import org.apache.pulsar.client.api.MessageRoutingMode;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.ProducerBuilder;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.jspecify.annotations.Nullable;

/** Collects and checks the settings that a user gives for a producer. */
final class DefaultProducerBuilder<T, P extends SupervisedProducer<T>> implements SupervisedProducerBuilder<T, P> {
    private static final int MOST_PRODUCERS = 1000;
    private static final Duration FIRST_REFUSED_RETRY = Duration.ofMillis(100);
    private static final int PENDING_MESSAGES = 10_000;
    private static final long PENDING_BATCHES = 100;

    private final HandleStarts starts;
    private final Schema<T> schema;
    private final TopicKind kind;
    private final Class<? super P> type;
    private final PartitionSettings partitions;
    private @Nullable String topic;
    private @Nullable String name;
    private int producers = 1;
    private ProducerAccessMode accessMode = ProducerAccessMode.Shared;
    private @Nullable CompressionType compression;
    private @Nullable Boolean chunking;
    private int chunkMaxMessageSize;
    private KeyHash keyHash = KeyHash.PHASH2;
    private boolean failFast;
    private boolean blockIfQueueFull = true;
    private @Nullable Duration sendTimeout;
    private @Nullable Batching batching;
    private int maxPendingMessages; // 0 for the default
    private long maxPendingBytes = 64L << 20;
    private InFlightPolicy inFlightPolicy = InFlightPolicy.REPORT;
    private RestartIntensity restartIntensity = RestartIntensity.of(100, Duration.ofSeconds(60));
    private Backoff backoff = Backoff.exponential(Duration.ofMillis(100), Duration.ofSeconds(30));
    private Duration disconnectedLimit = Duration.ofSeconds(30);
    private Duration refusedRetry = Duration.ofSeconds(60);
    private Duration startupDelay = Duration.ZERO;
    private Duration startupJitter = Duration.ZERO;
    private boolean stableNames;
    private @Nullable OfficialTerms official;
    private Consumer<? super ProducerBuilder<T>> customizer = ProducerSettings.NO_CUSTOMIZER;

    DefaultProducerBuilder(HandleStarts starts, Schema<T> schema, TopicKind kind, Class<? super P> type) {
        this.starts = starts;
        this.schema = Objects.requireNonNull(schema, "schema");
        this.kind = kind;
        this.type = type;
        this.partitions = new PartitionSettings(kind);
    }

    @Override
    public SupervisedProducerBuilder<T, P> topic(String topic) {
        String stripped = Checks.notBlank("topic", topic).strip();
        Checks.check(
                Topics.isValid(stripped),
                "topic",
                "be a name such as orders or persistent://tenant/namespace/orders",
                topic);
        this.topic = stripped;
        return this;
    }

    @Override
    public SupervisedProducerBuilder<T, P> name(String name) {
        Checks.notBlank("name", name);
        Checks.check(!name.startsWith("pulsar.repl"), "name", "not begin with pulsar.repl, which is reserved", name);
        this.name = name;
        return this;
    }

    @Override
    public SupervisedProducerBuilder<T, P> producers(int producers) {
        this.producers = (int) Checks.inRange("producers", 1, MOST_PRODUCERS, producers);
        return this;
    }

    @Override
    public SupervisedProducerBuilder<T, P> partitions(int number) {
        partitions.number(number);
        return this;
    }

    @Override
    public SupervisedProducerBuilder<T, P> autoUpdatePartitions(boolean enabled) {
        partitions.grows(enabled);
        return this;
    }

    @Override
    public SupervisedProducerBuilder<T, P> autoUpdatePartitionsInterval(Duration interval) {
        partitions.growthInterval(interval);
        return this;
    }

    @Override
    public SupervisedProducerBuilder<T, P> accessMode(ProducerAccessMode accessMode) {
        this.accessMode = Objects.requireNonNull(accessMode, "accessMode");
        return this;
    }

    @Override
    public SupervisedProducerBuilder<T, P> compressionType(CompressionType compressionType) {
        this.compression = Objects.requireNonNull(compressionType, "compressionType");
        return this;
    }

    @Override
    public SupervisedProducerBuilder<T, P> enableChunking(boolean enabled) {
        this.chunking = enabled;
        return this;
    }

    @Override
    public SupervisedProducerBuilder<T, P> chunkMaxMessageSize(int bytes) {
        this.chunkMaxMessageSize = (int) Checks.atLeast("chunkMaxMessageSize", 1, bytes);
        return this;
    }

    @Override
    public SupervisedProducerBuilder<T, P> batching(Batching batching) {
        this.batching = Objects.requireNonNull(batching, "batching");
        return this;
    }

    @Override
    public SupervisedProducerBuilder<T, P> adjustBatching(UnaryOperator<Batching> change) {
        Objects.requireNonNull(change, "change");
        if (batching != null) {
            batching(Objects.requireNonNull(change.apply(batching), "change must return a batching, returned null"));
        }
        return this;
    }

    @Override
    public SupervisedProducerBuilder<T, P> keyHash(KeyHash keyHash) {
        this.keyHash = Objects.requireNonNull(keyHash, "keyHash");
        return this;
    }

    @Override
    public SupervisedProducerBuilder<T, P> messageRoutingMode(MessageRoutingMode mode) {
        partitions.routingMode(mode);
        return this;
    }

    @Override
    public SupervisedProducerBuilder<T, P> messageRouter(MessageRouter router) {
        partitions.router(router);
        return this;
    }

    @Override
    public SupervisedProducerBuilder<T, P> failFast(boolean enabled) {
        this.failFast = enabled;
        return this;
    }

    @Override
    public SupervisedProducerBuilder<T, P> blockIfQueueFull(boolean enabled) {
        this.blockIfQueueFull = enabled;
        return this;
    }

    @Override
    public SupervisedProducerBuilder<T, P> sendTimeout(Duration timeout) {
        this.sendTimeout = Checks.positive("sendTimeout", timeout);
        return this;
    }

    @Override
    public SupervisedProducerBuilder<T, P> maxPendingMessages(int messages) {
        this.maxPendingMessages = (int) Checks.atLeast("maxPendingMessages", 1, messages);
        return this;
    }

    @Override
    public SupervisedProducerBuilder<T, P> maxPendingBytes(long bytes) {
        this.maxPendingBytes = Checks.atLeast("maxPendingBytes", 1, bytes);
        return this;
    }

    @Override
    public SupervisedProducerBuilder<T, P> inFlightPolicy(InFlightPolicy policy) {
        this.inFlightPolicy = Objects.requireNonNull(policy, "inFlightPolicy");
        return this;
    }

    @Override
    public SupervisedProducerBuilder<T, P> restartIntensity(int maxRestarts, Duration period) {
        this.restartIntensity = RestartIntensity.of(maxRestarts, period);
        return this;
    }

    @Override
    public SupervisedProducerBuilder<T, P> restartIntensity(RestartIntensity restartIntensity) {
        this.restartIntensity = Objects.requireNonNull(restartIntensity, "restartIntensity");
        return this;
    }

    @Override
    public SupervisedProducerBuilder<T, P> backoff(Backoff backoff) {
        this.backoff = Objects.requireNonNull(backoff, "backoff");
        return this;
    }

    @Override
    public SupervisedProducerBuilder<T, P> maxDisconnectedTime(Duration time) {
        this.disconnectedLimit = Checks.positive("maxDisconnectedTime", time);
        return this;
    }

    @Override
    public SupervisedProducerBuilder<T, P> refusedRetryInterval(Duration interval) {
        this.refusedRetry = Checks.positive("refusedRetryInterval", interval);
        return this;
    }

    @Override
    public SupervisedProducerBuilder<T, P> startupDelay(Duration delay) {
        this.startupDelay = Checks.notNegative("startupDelay", delay);
        return this;
    }

    @Override
    public SupervisedProducerBuilder<T, P> startupJitter(Duration jitter) {
        this.startupJitter = Checks.notNegative("startupJitter", jitter);
        return this;
    }

    @Override
    public SupervisedProducerBuilder<T, P> stableNames(boolean enabled) {
        this.stableNames = enabled;
        return this;
    }

    @Override
    public SupervisedProducerBuilder<T, P> customize(Consumer<? super ProducerBuilder<T>> customizer) {
        Objects.requireNonNull(customizer, "customizer");
        Consumer<? super ProducerBuilder<T>> earlier = this.customizer;
        if (earlier == ProducerSettings.NO_CUSTOMIZER) {
            this.customizer = customizer;
        } else {
            this.customizer = builder -> {
                earlier.accept(builder);
                customizer.accept(builder);
            };
        }
        return this;
    }

    boolean hasStableNames() {
        return stableNames;
    }

    /** How often to look for more partitions, unless something else is said. */
    void defaultGrowthInterval(Duration interval) {
        partitions.defaultGrowthInterval(interval);
    }

    /** Throws if something was set that only the builder of an official producer says. */
    void checkOfficialIsUntouched(ProducerAccessMode access) {
        boolean isTouched = topic != null || name != null || accessMode != access || partitions.router() != null;
        if (isTouched) {
            throw new IllegalStateException(
                    "a customizer of supervised producers must leave topic, name, accessMode and"
                            + " messageRouter to the official builder of " + (topic == null ? "the producer" : topic));
        }
    }

    /** Has the handle stand in for an official producer, on these terms. */
    DefaultProducerBuilder<T, P> official(OfficialTerms terms) {
        this.official = terms;
        this.stableNames = true; // the terms name the producers
        if (accessMode != ProducerAccessMode.Shared) {
            this.producers = 1;
        }
        return this;
    }

    @Override
    public P start() throws PulsarClientException {
        return cast(starts.start(spec()));
    }

    @Override
    public CompletableFuture<P> startAsync() {
        return starts.startAsync(spec(), this::cast);
    }

    @Override
    public ChildSpec childSpec() {
        return spec().childSpec();
    }

    @SuppressWarnings("unchecked") // the kind of spec decides the kind of handle, and the type goes with it
    private P cast(Handle<T> handle) {
        return (P) type.cast(handle);
    }

    private int defaultMaxPendingMessages() {
        return batching == null
                ? PENDING_MESSAGES
                : (int) Math.min(
                        Integer.MAX_VALUE, Math.max(PENDING_MESSAGES, PENDING_BATCHES * batching.maxMessages()));
    }

    private HandleSpec<T> spec() {
        if (topic == null) {
            throw new IllegalStateException("topic must be given, was not");
        }
        boolean exclusive =
                accessMode == ProducerAccessMode.Exclusive || accessMode == ProducerAccessMode.ExclusiveWithFencing;
        if (exclusive && producers > 1) {
            throw new IllegalStateException("accessMode " + accessMode + " needs producers to be 1, was " + producers
                    + ": the second producer of a topic would be refused, or fence the first");
        }
        if (chunkMaxMessageSize > 0 && !Boolean.TRUE.equals(chunking)) {
            throw new IllegalStateException("chunkMaxMessageSize needs enableChunking to be on, was "
                    + chunkMaxMessageSize + " with enableChunking off");
        }
        partitions.check();
        if (kind == TopicKind.PARTITIONED && Topics.partition(topic) >= 0) {
            throw new IllegalStateException(
                    "topic must be given without partition, was " + topic + ": use newProducerGroup for one partition");
        }
        ProducerSettings<T> settings = new ProducerSettings<>(
                schema,
                topic,
                producers,
                accessMode,
                compression,
                chunking,
                chunkMaxMessageSize,
                batching,
                keyHash,
                partitions.keepsPartition(),
                partitions.router(),
                failFast,
                blockIfQueueFull,
                sendTimeout,
                maxPendingMessages > 0 ? maxPendingMessages : defaultMaxPendingMessages(),
                maxPendingBytes,
                inFlightPolicy,
                restartIntensity,
                backoff,
                disconnectedLimit,
                refusedBackoff(),
                startupDelay,
                startupJitter,
                stableNames,
                customizer,
                official);
        return new HandleSpec<>(
                name == null ? topic : name, settings, kind, partitions.number(), partitions.growthInterval());
    }

    private Backoff refusedBackoff() {
        Duration first = refusedRetry.compareTo(FIRST_REFUSED_RETRY) < 0 ? refusedRetry : FIRST_REFUSED_RETRY;
        return Backoff.exponential(first, refusedRetry);
    }
}
