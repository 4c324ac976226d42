package dev.vela.internal.pulsar;

import dev.vela.Batching;
import dev.vela.KeyHash;
import dev.vela.internal.checks.Checks;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.apache.pulsar.client.api.BatcherBuilder;
import org.apache.pulsar.client.api.HashingScheme;
import org.apache.pulsar.client.api.MessageRouter;
import org.apache.pulsar.client.api.MessageRoutingMode;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.ProducerBuilder;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.interceptor.ProducerInterceptor;
import org.apache.pulsar.client.impl.ProducerBuilderImpl;
import org.apache.pulsar.client.impl.conf.ProducerConfigurationData;
import org.apache.pulsar.client.impl.schema.AutoConsumeSchema;
import org.jspecify.annotations.Nullable;

/**
 * What an official builder says about a producer, in Vela's terms. A snapshot: later changes to the builder have no
 * effect.
 */
public final class OfficialSettings {
    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(1);
    private static final Duration LONGEST_INTERVAL = Duration.ofMinutes(1);
    private static final Duration DISCONNECTED = Duration.ofSeconds(30);
    private static final int LEAST_BATCH_BYTES = 128;
    private static final int MOST_BATCH_BYTES = 4 << 20;
    private static final int MOST_BATCH_MESSAGES = 100_000;

    private final ProducerConfigurationData given;
    private final List<ProducerInterceptor> interceptors;

    private OfficialSettings(ProducerConfigurationData given, List<ProducerInterceptor> interceptors) {
        this.given = given;
        this.interceptors = interceptors;
    }

    /** Takes a snapshot of a builder. */
    public static OfficialSettings of(ProducerBuilderImpl<?> builder) {
        List<ProducerInterceptor> interceptors = builder.getInterceptorList();
        return new OfficialSettings(
                builder.getConf().clone(), interceptors == null ? List.of() : List.copyOf(interceptors));
    }

    /** Whether both builders have said the same; what has no equality, such as most key readers, must be the same object. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof OfficialSettings that
                && given.equals(that.given)
                && given.getMessageCrypto() == that.given.getMessageCrypto() // which the client leaves out
                && interceptors.equals(that.interceptors);
    }

    @Override
    public int hashCode() {
        return given.hashCode();
    }

    /**
     * Whether several users may have the same producer of these settings: not if a name or the access must be free as
     * soon as it is given back, nor if each counts its messages from a number of its own.
     */
    public boolean isShareable() {
        return given.getProducerName() == null
                && given.getAccessMode() == ProducerAccessMode.Shared
                && given.getInitialSequenceId() == null;
    }

    /** Whether messages that are too large are sent in chunks. */
    public boolean isChunkingEnabled() {
        return given.isChunkingEnabled();
    }

    // ---- refusals

    /** The failure with which an official builder refuses to create this producer; null if it does not refuse. */
    public @Nullable Exception refusal(@Nullable Schema<?> schema) {
        if (given.isBatchingEnabled() && given.isChunkingEnabled()) {
            return new IllegalArgumentException("Batching and chunking of messages can't be enabled together");
        }
        if (given.getTopicName() == null) {
            return new IllegalArgumentException("Topic name must be set on the producer builder");
        }
        boolean isCustom = given.getMessageRoutingMode() == MessageRoutingMode.CustomPartition;
        boolean hasRouter = given.getCustomMessageRouter() != null;
        if (isCustom && !hasRouter) {
            return new PulsarClientException("When 'messageRoutingMode' is " + MessageRoutingMode.CustomPartition
                    + ", 'messageRouter' should be set");
        }
        if (hasRouter && !isCustom && given.getMessageRoutingMode() != null) {
            return new PulsarClientException("When 'messageRouter' is set, 'messageRoutingMode' should be set as "
                    + MessageRoutingMode.CustomPartition);
        }
        if (schema instanceof AutoConsumeSchema) {
            return new PulsarClientException.InvalidConfigurationException(
                    "AutoConsumeSchema is only used by consumers to detect schemas automatically");
        }
        if (!Topics.isValid(given.getTopicName())) {
            return new PulsarClientException.InvalidTopicNameException(
                    "Invalid topic name: '" + given.getTopicName() + "'");
        }
        return unsupported();
    }

    /** The failure of a setting that a supervised producer cannot honour; null if there is none. */
    private @Nullable Exception unsupported() {
        BatcherBuilder batcher = given.getBatcherBuilder(); // null means the default
        if (given.isBatchingEnabled()
                && batcher != null
                && batcher != BatcherBuilder.DEFAULT
                && batcher != BatcherBuilder.KEY_BASED) {
            return new PulsarClientException.InvalidConfigurationException(
                    "batcherBuilder must be BatcherBuilder.DEFAULT or BatcherBuilder.KEY_BASED for a supervised"
                            + " producer, which fills its entries itself, was "
                            + batcher);
        }
        return null;
    }

    // ---- in Vela's terms

    public String topic() {
        return given.getTopicName();
    }

    /** The name that the application chose for its producer; null if it chose none. */
    public @Nullable String producerName() {
        return given.getProducerName();
    }

    public ProducerAccessMode accessMode() {
        return given.getAccessMode();
    }

    public boolean isBlockIfQueueFull() {
        return given.isBlockIfQueueFull();
    }

    /** How the application's messages without a key find a partition; null for the default. */
    public @Nullable MessageRoutingMode routingMode() {
        return given.getMessageRoutingMode();
    }

    public @Nullable MessageRouter router() {
        return given.getCustomMessageRouter();
    }

    /** How often to look for more partitions; null for never. */
    public @Nullable Duration growthInterval() {
        return given.isAutoUpdatePartitions()
                ? Duration.ofSeconds(given.getAutoUpdatePartitionsIntervalSeconds())
                : null;
    }

    /** Whether the application starts as soon as one partition can take messages. */
    public boolean startsLazily() {
        return given.isLazyStartPartitionedProducers() && given.getAccessMode() == ProducerAccessMode.Shared;
    }

    /** The batching; null if every message is an entry of its own. */
    public @Nullable Batching batching() {
        if (!given.isBatchingEnabled() || given.getBatchingMaxMessages() == 1) {
            return null;
        }
        Batching batching = Batching.defaults()
                .withMaxMessages(limit(given.getBatchingMaxMessages(), 2, MOST_BATCH_MESSAGES))
                .withMaxBytes(limit(given.getBatchingMaxBytes(), LEAST_BATCH_BYTES, MOST_BATCH_BYTES))
                .withFlushInterval(flushInterval())
                .withFlush(isDelayChosen() ? Batching.Flush.AT_INTERVAL : Batching.Flush.WHEN_IDLE);
        return given.getBatcherBuilder() == BatcherBuilder.KEY_BASED ? batching.withKeyBased() : batching;
    }

    /** Whether the application wants to wait for others: a delay that nobody has set is no wish. */
    private boolean isDelayChosen() {
        return given.getBatchingMaxPublishDelayMicros()
                != new ProducerConfigurationData().getBatchingMaxPublishDelayMicros();
    }

    /** A limit that an official batch treats as absent if it is not positive. */
    private static int limit(int value, int least, int most) {
        return value <= 0 ? most : Math.max(least, Math.min(most, value));
    }

    /** The delay, as far as the messages' timeout allows: a message that would expire meanwhile never waits. */
    private Duration flushInterval() {
        Duration asked = Duration.of(given.getBatchingMaxPublishDelayMicros(), ChronoUnit.MICROS);
        Duration longest = shorter(LONGEST_INTERVAL, sendTimeout().dividedBy(2));
        Duration interval = shorter(asked, longest);
        return interval.compareTo(SHORTEST_INTERVAL) < 0 ? SHORTEST_INTERVAL : interval;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** The function that places keys on partitions. */
    public KeyHash keyHash() {
        return given.getHashingScheme() == HashingScheme.Murmur3_32Hash ? KeyHash.MURMUR3_32 : KeyHash.JAVA_STRING;
    }

    /** The timeout of each message; the longest possible one if there is none. */
    public Duration sendTimeout() {
        return given.getSendTimeoutMs() == 0 ? Checks.LONGEST : Duration.ofMillis(given.getSendTimeoutMs());
    }

    /** How long a producer may be disconnected before it is replaced: not while its messages may still be stored. */
    public Duration maxDisconnectedTime() {
        return sendTimeout().compareTo(DISCONNECTED) < 0 ? DISCONNECTED : sendTimeout();
    }

    /** How many messages may be pending in each partition. */
    public int maxPendingMessages() {
        return given.getMaxPendingMessages() == 0 ? Integer.MAX_VALUE : given.getMaxPendingMessages();
    }

    /** How many messages may be pending over all partitions; 0 for any number. */
    public int maxPendingAcrossPartitions() {
        return given.getMaxPendingMessagesAcrossPartitions();
    }

    /** Gives a builder of the client all these settings, and the interceptors. */
    public void applyTo(ProducerBuilder<?> builder) {
        ProducerBuilderImpl<?> official = (ProducerBuilderImpl<?>) builder;
        copy(given.clone(), official.getConf());
        official.getConf().setCustomMessageRouter(null); // routing is Vela's: each official producer has one partition
        if (!interceptors.isEmpty()) {
            official.intercept(interceptors.toArray(ProducerInterceptor[]::new));
        }
    }

    /**
     * Copies all settings. Field by field, since versions of the client differ in the settings that they have, and the
     * setters of some check them against others.
     */
    public static void copy(ProducerConfigurationData from, ProducerConfigurationData to) {
        for (Field field : ProducerConfigurationData.class.getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers())) {
                continue;
            }
            try {
                field.setAccessible(true);
                field.set(to, field.get(from));
            } catch (IllegalAccessException e) {
                throw new IllegalStateException("the client's setting " + field.getName() + " cannot be copied", e);
            }
        }
    }
}
