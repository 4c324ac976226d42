package dev.vela.chaos;

import java.time.Duration;
import java.util.function.BiConsumer;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClientException;
import org.jspecify.annotations.Nullable;

/** What is put to the test: publishes to the topics of a run. Thread-safe. */
interface Publisher extends AutoCloseable {

    /** How a message is sent. */
    enum Way {
        FUTURE,
        CALLBACK,
        BLOCKING
    }

    /** Which of the topics. */
    enum Destination {
        MAIN,
        SIDE,
        SINGLE
    }

    /**
     * A message to send.
     *
     * @param id which one it is
     * @param to the topic that it is for
     * @param bytes the size of its payload
     * @param poisoned whether its encoding is to fail
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
     * Sends it. May block while there is no room, and where the way says so.
     *
     * @param answer told the receipt or the failure, once
     */
    void send(Outgoing message, BiConsumer<@Nullable MessageId, @Nullable Throwable> answer);

    /** What a failure says of the message. */
    Answer.Kind kindOf(Throwable failure);

    /** What an operator does every few seconds: starts again what is down for good. */
    void recover();

    /** What is held for messages that were not answered: as many messages, or bytes if that is more. */
    long held();

    @Override
    void close() throws PulsarClientException;
}
