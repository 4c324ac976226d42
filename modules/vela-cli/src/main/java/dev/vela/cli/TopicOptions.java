package dev.vela.cli;

import dev.vela.Batching;
import dev.vela.InFlightPolicy;
import dev.vela.KeyHash;
import dev.vela.SupervisedProducerBuilder;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.pulsar.client.api.CompressionType;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.common.naming.TopicName;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options for the topic to publish to, and for the way of publishing. */
final class TopicOptions {

    private static final int MOST_PRODUCERS = 1000; // as the library
    private static final int MOST_PARTITIONS = 100_000; // as the library
    private static final Duration LONGEST_TIMEOUT = Duration.ofHours(24);
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration DISCONNECTED = Duration.ofSeconds(30); // as the library; at least the timeout
    private static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(10);

    @Option(
            names = {"-t", "--topic"},
            paramLabel = "TOPIC",
            required = true,
            description =
                    "The topic: orders, tenant/namespace/orders, or in full persistent://tenant/namespace/orders.")
    private String topic = "";

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description =
                    "How many partitions the topic has. A local Pulsar is given such a topic; with --url the topic"
                            + " must have as many. 0: none. Default: as many as it has.")
    private @Nullable Integer partitions;

    @Option(
            names = "--producers",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many producers the topic, or each partition of it, gets. Default: 1.")
    private int producers = 1;

    @Option(
            names = "--access-mode",
            paramLabel = "MODE",
            converter = Conversions.ToAccessMode.class,
            description = "shared (default), exclusive, exclusive-with-fencing or wait-for-exclusive.")
    private ProducerAccessMode accessMode = ProducerAccessMode.Shared;

    @Option(
            names = "--compression",
            paramLabel = "CODEC",
            converter = Conversions.ToCompression.class,
            description = "none (default), lz4, zlib, zstd or snappy.")
    private CompressionType compression = CompressionType.NONE;

    @Option(
            names = "--in-flight",
            paramLabel = "POLICY",
            converter = Conversions.ToInFlightPolicy.class,
            description = "What becomes of messages in flight when their producer dies: report (default: they count as"
                    + " unknown) or replay (its successor sends them again).")
    private InFlightPolicy inFlight = InFlightPolicy.REPORT;

    @Option(
            names = "--hash",
            paramLabel = "HASH",
            converter = Conversions.ToKeyHash.class,
            description = "What places a key on a partition: phash2 (default, as the Elixir client), murmur3-32 or"
                    + " java-string (as the official Java client's two).")
    private KeyHash hash = KeyHash.PHASH2;

    @Option(
            names = "--property",
            paramLabel = "NAME=VALUE",
            mapFallbackValue = Option.NULL_VALUE,
            description = "A property of every message; can be given several times.")
    private Map<String, @Nullable String> properties = new LinkedHashMap<>();

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "How many messages to send each second. Default: as fast as they are taken.")
    private @Nullable Double rate;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            converter = Conversions.ToDuration.class,
            description =
                    "How long a message may take until its receipt (default 30s), and the cluster until it answers"
                            + " (default 10s): 200ms, 5s, 2m.")
    private @Nullable Duration timeout;

    @Mixin
    private final BatchOptions batch = new BatchOptions();

    private @Nullable Batching batching;

    void validate(CommandSpec spec) {
        batching = batch.batching(spec);
        TopicName name = validateTopic(spec);
        require(
                spec,
                producers >= 1 && producers <= MOST_PRODUCERS,
                "--producers must be in [1, " + MOST_PRODUCERS + "], was " + producers);
        require(
                spec,
                partitions == null || (partitions >= 0 && partitions <= MOST_PARTITIONS),
                "--partitions must be in [0, " + MOST_PARTITIONS + "], was " + partitions);
        require(
                spec,
                partitions == null || !name.isPartitioned(),
                "--partitions does not go with " + topic + ", which is a partition itself");
        require(
                spec,
                producers == 1 || !isExclusive(),
                "--access-mode " + accessMode + " needs --producers 1, was " + producers);
        require(spec, rate == null || (rate > 0 && rate <= 1e9), "--rate must be > 0 and <= 1000000000, was " + rate);
        validateTimeout(spec);
        properties.forEach((key, value) -> {
            require(
                    spec,
                    value != null && !key.isEmpty(),
                    "--property must be NAME=VALUE, was " + key + (value == null ? "" : "=" + value));
            require(
                    spec,
                    !key.equals(Mark.PROPERTY),
                    "--property must not be " + Mark.PROPERTY + ", which --verify uses");
        });
    }

    private void validateTimeout(CommandSpec spec) {
        if (timeout != null) {
            require(
                    spec,
                    !timeout.isZero() && timeout.compareTo(LONGEST_TIMEOUT) <= 0,
                    "--timeout must be in (0, 24h], was " + Conversions.text(timeout));
        }
    }

    private TopicName validateTopic(CommandSpec spec) {
        try {
            return TopicName.get(topic);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--topic must be a name such as orders or tenant/namespace/orders, was '" + topic + "'");
        }
    }

    private boolean isExclusive() {
        return accessMode == ProducerAccessMode.Exclusive || accessMode == ProducerAccessMode.ExclusiveWithFencing;
    }

    private static void require(CommandSpec spec, boolean condition, String otherwise) {
        if (!condition) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }

    String topic() {
        return topic;
    }

    /** Whether the topic is a partition of a topic. */
    boolean isPartition() {
        return TopicName.get(topic).isPartitioned();
    }

    @Nullable
    Integer partitions() {
        return partitions;
    }

    int producers() {
        return producers;
    }

    Map<String, String> properties() {
        Map<String, String> copy = new LinkedHashMap<>();
        properties.forEach((key, value) -> copy.put(key, value == null ? "" : value));
        return copy;
    }

    @Nullable
    Double rate() {
        return rate;
    }

    /** Returns the timeout of a message. */
    Duration timeout() {
        return timeout == null ? DEFAULT_TIMEOUT : timeout;
    }

    /** Returns the time limit for answers of the cluster. */
    Duration connectTimeout() {
        return timeout == null ? DEFAULT_CONNECT_TIMEOUT : timeout;
    }

    void apply(SupervisedProducerBuilder<byte[], ?> builder) {
        builder.topic(topic)
                .producers(producers)
                .accessMode(accessMode)
                .compressionType(compression)
                .maxDisconnectedTime(timeout().compareTo(DISCONNECTED) < 0 ? DISCONNECTED : timeout())
                .keyHash(hash)
                .inFlightPolicy(inFlight);
        if (batching != null) {
            builder.batching(batching);
        }
    }
}
