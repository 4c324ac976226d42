package dev.vela.test;

import dev.vela.MessageRejectedException;
import dev.vela.Outcome;
import dev.vela.SendCallback;
import dev.vela.SendFailedException;
import dev.vela.SupervisedMessageBuilder;
import dev.vela.internal.lane.CallbackSend;
import dev.vela.internal.pulsar.Draft;
import dev.vela.internal.pulsar.EncodedMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.TypedMessageBuilder;
import org.apache.pulsar.client.api.transaction.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * Builds a message for a mock. Each call is first made to a real builder, which refuses what it always refuses. The
 * draft, which is the library's own, encodes the message.
 */
final class MockMessageBuilder<V> implements SupervisedMessageBuilder<V> {
    private static final long serialVersionUID = 1L;

    private final transient MockSupervisedProducer<?> producer;
    private final transient Schema<V> schema;
    private final transient SupervisedMessageBuilder<V> checked;
    private final transient Draft<V> draft;
    private final transient @Nullable Transaction transaction;
    private transient @Nullable V value;
    private @Nullable Duration timeout;
    private @Nullable Instant deliverAt;
    private @Nullable Duration deliverAfter;
    private transient List<String> replicationClusters = List.of();
    private boolean replicationDisabled;

    MockMessageBuilder(
            MockSupervisedProducer<?> producer,
            Schema<V> schema,
            SupervisedMessageBuilder<V> checked,
            Draft<V> draft,
            @Nullable Transaction transaction) {
        this.producer = producer;
        this.schema = schema;
        this.checked = checked;
        this.draft = draft;
        this.transaction = transaction;
    }

    // ---- sending

    @Override
    public MessageId send() throws PulsarClientException {
        if (!MockSupervisedProducer.mayBlock()) {
            throw new SendFailedException(
                    "send would block " + Thread.currentThread().getName()
                            + ", on which Vela or the Pulsar client does its work: use sendAsync",
                    Outcome.NOT_SENT,
                    null);
        }
        Duration most = timeoutOr(producer.settings().sendTimeout());
        EncodedMessage message;
        try {
            message = encode();
        } catch (MessageRejectedException e) {
            return MockSend.await(producer.refuse(e, transaction));
        }
        return producer.await(producer.accept(message, sent(message, most), null));
    }

    @Override
    public CompletableFuture<MessageId> sendAsync() {
        Duration most = timeoutOr(producer.settings().asyncTimeout());
        EncodedMessage message;
        try {
            message = encode();
        } catch (MessageRejectedException e) {
            return producer.refuse(e, transaction);
        }
        return producer.accept(message, sent(message, most), null);
    }

    @Override
    public void sendAsync(SendCallback callback) {
        Objects.requireNonNull(callback, "callback");
        Duration most = timeoutOr(producer.settings().asyncTimeout());
        EncodedMessage message;
        try {
            message = encode();
        } catch (MessageRejectedException e) {
            producer.refuse(e, transaction);
            CallbackSend.refuse(callback, e);
            return;
        }
        producer.accept(message, sent(message, most), callback);
    }

    private EncodedMessage encode() throws MessageRejectedException {
        try {
            return draft.encode();
        } catch (Throwable e) {
            throw new MessageRejectedException("the message could not be encoded: " + e.getMessage(), e);
        }
    }

    private Duration timeoutOr(Duration otherwise) {
        return timeout == null ? otherwise : timeout;
    }

    private SentMessage sent(EncodedMessage message, Duration most) {
        return new SentMessage(
                value,
                schema,
                message.asOfficial(producer.getTopic()),
                most,
                Optional.ofNullable(deliverAt),
                Optional.ofNullable(deliverAfter),
                replicationClusters,
                replicationDisabled,
                Optional.ofNullable(transaction),
                producer.partitionOf(message));
    }

    // ---- what the draft keeps

    @Override
    public SupervisedMessageBuilder<V> key(String key) {
        checked.key(key);
        draft.key(key);
        return this;
    }

    @Override
    public SupervisedMessageBuilder<V> keyBytes(byte[] key) {
        checked.keyBytes(key);
        draft.keyBytes(key);
        return this;
    }

    @Override
    public SupervisedMessageBuilder<V> orderingKey(byte[] orderingKey) {
        checked.orderingKey(orderingKey);
        draft.orderingKey(orderingKey);
        return this;
    }

    @Override
    public SupervisedMessageBuilder<V> value(V newValue) {
        checked.value(newValue);
        draft.value(newValue);
        value = newValue;
        return this;
    }

    @Override
    public SupervisedMessageBuilder<V> property(String name, String text) {
        checked.property(name, text);
        draft.property(name, text);
        return this;
    }

    @Override
    public SupervisedMessageBuilder<V> properties(Map<String, String> properties) {
        Objects.requireNonNull(properties, "properties").forEach(this::property);
        return this;
    }

    @Override
    public SupervisedMessageBuilder<V> eventTime(long timestamp) {
        draft.eventTime(timestamp);
        return this;
    }

    @Override
    public SupervisedMessageBuilder<V> eventTime(Instant time) {
        checked.eventTime(time);
        return eventTime(time.toEpochMilli());
    }

    @Override
    public SupervisedMessageBuilder<V> sequenceId(long sequenceId) {
        checked.sequenceId(sequenceId);
        draft.sequenceId(sequenceId);
        return this;
    }

    // ---- what is also kept here, since no official message tells it

    @Override
    public SupervisedMessageBuilder<V> timeout(Duration newTimeout) {
        checked.timeout(newTimeout);
        timeout = newTimeout;
        return this;
    }

    @Override
    public SupervisedMessageBuilder<V> deliverAt(long timestamp) {
        checked.deliverAt(timestamp);
        draft.official().deliverAt(timestamp);
        deliverAt = Instant.ofEpochMilli(timestamp);
        deliverAfter = null;
        return this;
    }

    @Override
    public SupervisedMessageBuilder<V> deliverAt(Instant time) {
        checked.deliverAt(time);
        return deliverAt(time.toEpochMilli());
    }

    @Override
    public SupervisedMessageBuilder<V> deliverAfter(long delay, TimeUnit unit) {
        checked.deliverAfter(delay, unit);
        return delayed(Duration.of(Math.max(0, delay), unit.toChronoUnit()));
    }

    @Override
    public SupervisedMessageBuilder<V> deliverAfter(Duration delay) {
        checked.deliverAfter(delay);
        return delayed(delay.isNegative() ? Duration.ZERO : delay);
    }

    private SupervisedMessageBuilder<V> delayed(Duration delay) {
        draft.official().deliverAfter(delay.toMillis(), TimeUnit.MILLISECONDS);
        deliverAfter = delay;
        deliverAt = null;
        return this;
    }

    @Override
    public SupervisedMessageBuilder<V> replicationClusters(List<String> clusters) {
        checked.replicationClusters(clusters);
        draft.official().replicationClusters(clusters);
        replicationClusters = List.copyOf(clusters);
        return this;
    }

    @Override
    public SupervisedMessageBuilder<V> disableReplication() {
        draft.official().disableReplication();
        replicationDisabled = true;
        return this;
    }

    @Override
    @SuppressWarnings("unchecked") // the real builder has checked the types
    public SupervisedMessageBuilder<V> loadConf(Map<String, Object> config) {
        checked.loadConf(config);
        config.forEach((name, given) -> {
            switch (name) {
                case TypedMessageBuilder.CONF_KEY -> key((String) given);
                case TypedMessageBuilder.CONF_PROPERTIES -> properties((Map<String, String>) given);
                case TypedMessageBuilder.CONF_EVENT_TIME -> eventTime((long) given);
                case TypedMessageBuilder.CONF_SEQUENCE_ID -> sequenceId((long) given);
                case TypedMessageBuilder.CONF_REPLICATION_CLUSTERS -> replicationClusters((List<String>) given);
                case TypedMessageBuilder.CONF_DELIVERY_AFTER_SECONDS -> deliverAfter((long) given, TimeUnit.SECONDS);
                case TypedMessageBuilder.CONF_DELIVERY_AT -> deliverAt((long) given);
                case TypedMessageBuilder.CONF_DISABLE_REPLICATION -> {
                    if ((boolean) given) {
                        disableReplication();
                    }
                }
                default -> throw new IllegalArgumentException(name);
            }
        });
        return this;
    }
}
