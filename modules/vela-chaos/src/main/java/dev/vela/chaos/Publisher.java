package dev.vela.chaos;

import java.time.Duration;
import java.util.function.BiConsumer;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClientException;
import org.jspecify.annotations.Nullable;

/** The client under test: publishes to the topics of a run. Thread-safe. */
interface Publisher extends AutoCloseable {

    /** The way in which a message is sent. */
    enum Way {
        FUTURE,
        CALLBACK,
        BLOCKING
    }

    /** The topic for a message. */
    enum Destination {
        MAIN,
        SIDE,
        SINGLE
    }

    /**
     * A message to send.
     *
     * @param id the identity of the message
     * @param to the topic for the message
     * @param bytes the size of the payload
     * @param poisoned whether the encoding fails
     */
    record Outgoing(
            MessageRef id,
            Destination to,
            @Nullable String key,
            int bytes,
            Duration timeout,
            Way way,
            boolean poisoned) {

        byte[] payload() {
            return Payload.of(id, key, bytes);
        }
    }

    /**
     * Sends a message. May block while there is no room, and in the blocking way.
     *
     * @param answer called once, with the receipt or the failure
     */
    void send(Outgoing message, BiConsumer<@Nullable MessageId, @Nullable Throwable> answer);

    /** Returns what a failure tells about its message. */
    Answer.Kind kindOf(Throwable failure);

    /** Restarts producers that are down for good, as an operator would. Called every few seconds. */
    void recover();

    /** Returns the amount held for unanswered messages: the number of messages, or of bytes if that is more. */
    long held();

    @Override
    void close() throws PulsarClientException;
}
