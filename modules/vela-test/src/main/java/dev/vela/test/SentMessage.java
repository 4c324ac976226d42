package dev.vela.test;

import dev.vela.internal.checks.Checks;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.transaction.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * A message that a {@link MockSupervisedProducer} has accepted. Immutable.
 *
 * @param value the value; null if the message has none
 * @param schema the schema that the value was encoded with
 * @param message the message as the official client would show it to an interceptor: key, ordering key, properties,
 *     event time, sequence id, encoded value
 * @param timeout how long it may take from its send to its answer; above zero
 * @param deliverAt when it is to be delivered, if it was said as a time
 * @param deliverAfter when it is to be delivered, if it was said as a delay
 * @param replicationClusters the clusters that it is replicated to; empty if none were given
 * @param replicationDisabled whether it is not replicated
 * @param transaction its transaction, if it has one
 * @param partition the partition that its key belongs to; empty without a key, and for a topic without partitions
 */
public record SentMessage(
        @Nullable Object value,
        Schema<?> schema,
        Message<?> message,
        Duration timeout,
        Optional<Instant> deliverAt,
        Optional<Duration> deliverAfter,
        List<String> replicationClusters,
        boolean replicationDisabled,
        Optional<Transaction> transaction,
        OptionalInt partition) {

    /** Creates a message, and copies the list. */
    public SentMessage {
        Objects.requireNonNull(schema, "schema");
        Objects.requireNonNull(message, "message");
        Checks.positive("timeout", timeout);
        Objects.requireNonNull(deliverAt, "deliverAt");
        Objects.requireNonNull(deliverAfter, "deliverAfter");
        Objects.requireNonNull(replicationClusters, "replicationClusters");
        Objects.requireNonNull(transaction, "transaction");
        Objects.requireNonNull(partition, "partition");
        replicationClusters = List.copyOf(replicationClusters);
    }

    /** The key as text; null if there is none. For a key of bytes, their Base64. */
    public @Nullable String key() {
        return message.hasKey() ? message.getKey() : null;
    }

    /** The ordering key; null if there is none. */
    public byte @Nullable [] orderingKey() {
        return message.hasOrderingKey() ? message.getOrderingKey() : null;
    }

    /** The property of this name; null if there is none. */
    public @Nullable String property(String name) {
        return message.getProperty(Objects.requireNonNull(name, "name"));
    }

    /** The event time; empty if there is none. */
    public Optional<Instant> eventTime() {
        return message.getEventTime() == 0
                ? Optional.empty()
                : Optional.of(Instant.ofEpochMilli(message.getEventTime()));
    }

    /** The sequence id that the application chose; -1 if the producer is to number the message. */
    public long sequenceId() {
        return message.getSequenceId();
    }
}
