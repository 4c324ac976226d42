package dev.vela;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.TypedMessageBuilder;

/**
 * One message under construction: the official {@link TypedMessageBuilder}, with a timeout and with overloads that take
 * {@link Instant} and {@link Duration}.
 *
 * <p>Not thread-safe; send it once.
 *
 * @param <T> the type of the message's value
 */
public interface SupervisedMessageBuilder<T> extends TypedMessageBuilder<T> {

    /**
     * Sets how long the message may take from its send to its answer, including the wait for room and for a producer.
     *
     * <p>Default: 5 s for {@code send}, 30 s for {@code sendAsync}.
     *
     * @param timeout must be positive, and at most 100 years
     */
    SupervisedMessageBuilder<T> timeout(Duration timeout);

    /**
     * Sends as {@link #sendAsync()} does, and calls back with the answer, as
     * {@link SupervisedProducer#sendAsync(Object, SendCallback)} does.
     *
     * @param callback called with the answer, once
     * @throws NullPointerException if {@code callback} is null
     */
    void sendAsync(SendCallback callback);

    /**
     * Sets the event time, in milliseconds on the wire; may be before 1970. Consumers read 1970-01-01T00:00:00Z as
     * none.
     */
    SupervisedMessageBuilder<T> eventTime(Instant time);

    /**
     * Delivers to shared subscriptions no earlier than the given time, in milliseconds on the wire; at once if it is
     * past.
     */
    SupervisedMessageBuilder<T> deliverAt(Instant time);

    /**
     * Delivers to shared subscriptions no earlier than the given delay from now; at once if the delay is zero or
     * negative, for instance computed from a time that has just passed.
     *
     * @param delay must not be longer than 100 years
     */
    SupervisedMessageBuilder<T> deliverAfter(Duration delay);

    @Override
    SupervisedMessageBuilder<T> key(String key);

    @Override
    SupervisedMessageBuilder<T> keyBytes(byte[] key);

    @Override
    SupervisedMessageBuilder<T> orderingKey(byte[] orderingKey);

    @Override
    SupervisedMessageBuilder<T> value(T value);

    @Override
    SupervisedMessageBuilder<T> property(String name, String value);

    @Override
    SupervisedMessageBuilder<T> properties(Map<String, String> properties);

    @Override
    SupervisedMessageBuilder<T> eventTime(long timestamp);

    /**
     * Overrides the sequence id.
     *
     * <p>On a namespace with deduplication the broker treats a message as a duplicate, and drops it, if it has already
     * got a message with the same or a higher id under the same producer name. So assign ids in ascending order. Do not
     * retry a failed message after one with a higher id has been sent, even if it was {@link Outcome#NOT_SENT}: its
     * receipt would say that it is {@linkplain SupervisedProducer#isDuplicate a duplicate}, although it is not stored.
     * A long enough {@link #timeout} keeps a message from timing out when the next one does not.
     *
     * @param sequenceId from 0 to {@code Long.MAX_VALUE / 2}, so that the producer can number the messages after it
     */
    @Override
    SupervisedMessageBuilder<T> sequenceId(long sequenceId);

    @Override
    SupervisedMessageBuilder<T> replicationClusters(List<String> clusters);

    @Override
    SupervisedMessageBuilder<T> disableReplication();

    @Override
    SupervisedMessageBuilder<T> deliverAt(long timestamp);

    /**
     * Delivers to shared subscriptions no earlier than the given delay from now; at once if it is zero or negative.
     *
     * @param delay must not be longer than 100 years
     */
    @Override
    SupervisedMessageBuilder<T> deliverAfter(long delay, TimeUnit unit);

    @Override
    SupervisedMessageBuilder<T> loadConf(Map<String, Object> config);
}
