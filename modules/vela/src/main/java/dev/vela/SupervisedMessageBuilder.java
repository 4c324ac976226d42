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
     * How long the message may take from its send to its answer, waiting for room and for a producer included.
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
     * @param callback told the answer, once
     * @throws NullPointerException if {@code callback} is null
     */
    void sendAsync(SendCallback callback);

    /** The event time, in milliseconds on the wire; it may be before 1970. Consumers take 1970-01-01T00:00:00Z for none. */
    SupervisedMessageBuilder<T> eventTime(Instant time);

    /** Delivers to shared subscriptions not before the given time, in milliseconds on the wire; at once if it is past. */
    SupervisedMessageBuilder<T> deliverAt(Instant time);

    /**
     * Delivers to shared subscriptions not before this much time from now; at once if it is zero or negative, as a delay
     * until a time that has just passed is.
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
     * <p>On a namespace with deduplication the broker takes a message for a duplicate, and drops it, once it has been sent one
     * with the same id or a higher one under the same producer name. So give ids in ascending order, and do not send one again
     * that failed after a higher one has been sent, though it was {@link Outcome#NOT_SENT}: its receipt would say that it is
     * {@linkplain SupervisedProducer#isDuplicate a duplicate}, while it is nowhere. A {@link #timeout} that is long enough
     * keeps a message from giving up where the next one does not.
     *
     * @param sequenceId from 0 to {@code Long.MAX_VALUE / 2}, so that the producer can number what comes after it
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
     * Delivers to shared subscriptions not before this much time from now; at once if it is zero or negative.
     *
     * @param delay must not be longer than 100 years
     */
    @Override
    SupervisedMessageBuilder<T> deliverAfter(long delay, TimeUnit unit);

    @Override
    SupervisedMessageBuilder<T> loadConf(Map<String, Object> config);
}
