package dev.vela.test;

import dev.vela.KeyHash;
import dev.vela.internal.pulsar.Schemas;
import dev.vela.internal.pulsar.SharedSchema;
import java.time.Duration;
import org.apache.pulsar.client.api.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What a builder said of a mock, as far as a mock heeds it.
 *
 * @param partitions 0 for a topic without partitions
 * @param timeout the timeout of messages that do not set one, or null for the defaults
 */
record MockSettings<T>(
        String name,
        String topic,
        Schema<T> schema,
        int partitions,
        int producers,
        KeyHash keyHash,
        boolean failFast,
        boolean blockIfQueueFull,
        int maxPendingMessages,
        @Nullable Duration timeout) {
    /** How many messages may be pending for each producer, by default. */
    static final int PENDING_MESSAGES = 10_000;

    private static final Duration SEND_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration ASYNC_TIMEOUT = Duration.ofSeconds(30);

    Duration sendTimeout() {
        return timeout == null ? SEND_TIMEOUT : timeout;
    }

    Duration asyncTimeout() {
        return timeout == null ? ASYNC_TIMEOUT : timeout;
    }

    MockSettings<T> named(String other) {
        return with(other, topic, partitions);
    }

    MockSettings<T> withPartitions(int number) {
        return with(name, topic, number);
    }

    /** The same for a single partition. */
    MockSettings<T> ofPartition(String partition) {
        return with(name, partition, 0);
    }

    private MockSettings<T> with(String otherName, String otherTopic, int number) {
        return new MockSettings<>(
                otherName,
                otherTopic,
                schema,
                number,
                producers,
                keyHash,
                failFast,
                blockIfQueueFull,
                maxPendingMessages,
                timeout);
    }

    /** A schema to encode with. Without a broker, {@code AUTO_PRODUCE_BYTES} takes any bytes. */
    @SuppressWarnings("unchecked") // a schema to be looked up is one for bytes
    <V> Schema<V> encoding(Schema<V> given) {
        return Schemas.isKnown(given) ? SharedSchema.of(given, topic) : (Schema<V>) Schema.BYTES;
    }
}
