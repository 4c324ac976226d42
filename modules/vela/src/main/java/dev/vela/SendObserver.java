package dev.vela;

import java.util.Objects;
import org.apache.pulsar.client.api.MessageId;
import org.jspecify.annotations.Nullable;

/**
 * Follows each message from the call that sends it to its answer, for traces: see {@link VelaBuilder#observer}.
 * {@code vela-opentelemetry} has an implementation.
 *
 * <p>Must be thread-safe: messages are on their way at the same time. The calls for one message come one after the
 * other, on several threads, which they must not block; only the answer of a timeout or of a stop may come while another
 * call for the message still runs. {@link #started} is the first, {@link #answered} the last. What a method throws is
 * logged, and otherwise ignored.
 *
 * @param <C> what an observer wants to know of a message while it is on its way
 */
public interface SendObserver<C> {
    /**
     * A message is being sent. On the thread that sends it, before the value is encoded, and before the interceptors
     * see it.
     *
     * @param producer the producer that sends it
     * @param properties the properties of the message, only during this call
     * @return what the other methods get; null if this message is not followed, so that no other call comes
     */
    @Nullable
    C started(SupervisedProducer<?> producer, Properties properties);

    /** It waits: no official producer can take it now. A message that has been waiting already is not reported again. */
    default void waiting(C context) {}

    /** It was handed to an official producer. Under {@link InFlightPolicy#REPLAY} that may happen more than once. */
    default void handed(C context, Attempt attempt) {}

    /**
     * The official producer that had it died, and its successor will get it. Only under {@link InFlightPolicy#REPLAY};
     * otherwise the message is answered.
     *
     * @param producer the name of the producer that died
     * @param cause why, if that is known
     */
    default void died(C context, String producer, @Nullable Throwable cause) {}

    /**
     * It has its answer. Before the application's callbacks; a thread that waits for the message may go on before.
     *
     * @param receipt the receipt, or null if it failed
     * @param failure the failure as the application gets it, or null if it is stored
     */
    void answered(C context, @Nullable MessageId receipt, @Nullable Throwable failure);

    /** The properties of a message that is being sent. */
    interface Properties {
        /** The property of this name, or null. */
        @Nullable
        String get(String name);

        /** Adds a property, or replaces the one of this name. */
        void set(String name, String value);
    }

    /**
     * One hand-over of a message to an official producer.
     *
     * @param producer its name, as the broker knows it
     * @param partition the partition, or -1
     * @param sequenceId the sequence id of the entry that contains the message
     * @param number 1 for the first hand-over of the message, and so on
     */
    record Attempt(String producer, int partition, long sequenceId, int number) {
        /** Creates a description and refuses null. */
        public Attempt {
            Objects.requireNonNull(producer, "producer");
        }
    }
}
