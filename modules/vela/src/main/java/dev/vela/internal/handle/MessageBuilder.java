package dev.vela.internal.handle;

import dev.vela.Outcome;
import dev.vela.SendCallback;
import dev.vela.SendFailedException;
import dev.vela.SupervisedMessageBuilder;
import dev.vela.internal.checks.Checks;
import dev.vela.internal.pulsar.Draft;
import dev.vela.internal.runtime.Threads;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.transaction.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * Builds a message for a handle. The draft holds the fields that the official builder knows; the other fields are
 * Vela's own.
 */
final class MessageBuilder<V> implements SupervisedMessageBuilder<V> {
    private static final long serialVersionUID = 1L;
    private static final long GREATEST_SEQUENCE_ID = Long.MAX_VALUE / 2; // leaves as many for the messages after it
    private static final Instant EARLIEST = Instant.ofEpochMilli(Long.MIN_VALUE);
    private static final Instant LATEST = Instant.ofEpochMilli(Long.MAX_VALUE);

    private final transient Intake<?> intake;
    private final transient Draft<V> draft;
    private final transient @Nullable Transaction transaction;
    private @Nullable Duration timeout;

    MessageBuilder(Intake<?> intake, Draft<V> draft, @Nullable Transaction transaction) {
        this.intake = intake;
        this.draft = draft;
        this.transaction = transaction;
    }

    @Override
    public MessageId send() throws PulsarClientException {
        if (!Threads.mayBlock()) {
            throw new SendFailedException(
                    "send would block " + Thread.currentThread().getName()
                            + ", on which Vela or the Pulsar client does its work: use sendAsync",
                    Outcome.NOT_SENT,
                    null);
        }
        return Intake.await(send(intake.sendTimeout(), true));
    }

    @Override
    public CompletableFuture<MessageId> sendAsync() {
        return send(intake.asyncTimeout(), false);
    }

    @Override
    public void sendAsync(SendCallback callback) {
        Objects.requireNonNull(callback, "callback");
        intake.send(draft, transaction, timeout == null ? intake.asyncTimeout() : timeout, callback);
    }

    private CompletableFuture<MessageId> send(Duration defaultTimeout, boolean waitedFor) {
        return intake.send(draft, transaction, timeout == null ? defaultTimeout : timeout, waitedFor);
    }

    @Override
    public SupervisedMessageBuilder<V> timeout(Duration timeout) {
        this.timeout = Checks.positive("timeout", timeout);
        return this;
    }

    @Override
    public SupervisedMessageBuilder<V> eventTime(Instant time) {
        return eventTime(milliseconds(time, EARLIEST));
    }

    @Override
    public SupervisedMessageBuilder<V> deliverAt(Instant time) {
        return deliverAt(milliseconds(time, Instant.EPOCH));
    }

    private static long milliseconds(Instant time, Instant earliest) {
        Objects.requireNonNull(time, "time");
        Checks.check(
                !time.isBefore(earliest) && !time.isAfter(LATEST),
                "time",
                "be in [" + earliest + ", " + LATEST + "]",
                time);
        return time.toEpochMilli();
    }

    @Override
    public SupervisedMessageBuilder<V> deliverAfter(Duration delay) {
        Objects.requireNonNull(delay, "delay");
        Checks.check(delay.compareTo(Checks.LONGEST) <= 0, "delay", "be at most 100 years", delay);
        return deliverAfter(delay.isNegative() ? 0 : delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public SupervisedMessageBuilder<V> key(String key) {
        draft.key(key);
        return this;
    }

    @Override
    public SupervisedMessageBuilder<V> keyBytes(byte[] key) {
        draft.keyBytes(key);
        return this;
    }

    @Override
    public SupervisedMessageBuilder<V> orderingKey(byte[] orderingKey) {
        draft.orderingKey(Objects.requireNonNull(orderingKey, "orderingKey"));
        return this;
    }

    @Override
    public SupervisedMessageBuilder<V> value(V value) {
        draft.value(value);
        return this;
    }

    @Override
    public SupervisedMessageBuilder<V> property(String name, String value) {
        draft.property(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
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
    public SupervisedMessageBuilder<V> sequenceId(long sequenceId) {
        Checks.inRange("sequenceId", 0, GREATEST_SEQUENCE_ID, sequenceId);
        draft.sequenceId(sequenceId);
        return this;
    }

    @Override
    public SupervisedMessageBuilder<V> replicationClusters(List<String> clusters) {
        Objects.requireNonNull(clusters, "clusters").forEach(cluster -> Checks.notBlank("clusters", cluster));
        draft.official().replicationClusters(clusters);
        return this;
    }

    @Override
    public SupervisedMessageBuilder<V> disableReplication() {
        draft.official().disableReplication();
        return this;
    }

    @Override
    public SupervisedMessageBuilder<V> deliverAt(long timestamp) {
        Checks.atLeast("timestamp", 0, timestamp);
        draft.official().deliverAt(timestamp);
        return this;
    }

    @Override
    public SupervisedMessageBuilder<V> deliverAfter(long delay, TimeUnit unit) {
        Objects.requireNonNull(unit, "unit");
        if (delay > unit.convert(Checks.LONGEST)) {
            throw new IllegalArgumentException("delay must be at most 100 years, was " + delay + " " + unit);
        }
        draft.official().deliverAfter(Math.max(0, delay), unit);
        return this;
    }

    @Override
    public SupervisedMessageBuilder<V> loadConf(Map<String, Object> config) {
        new MessageConf(this).load(Objects.requireNonNull(config, "config"));
        return this;
    }
}
