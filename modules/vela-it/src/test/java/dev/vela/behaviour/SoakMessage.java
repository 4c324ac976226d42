package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.MessageRejectedException;
import dev.vela.Outcome;
import dev.vela.SendTimeoutException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;

/**
 * A message of a soak, and its answer.
 *
 * @param thread the number of its sender
 * @param number its number among those of its sender
 * @param payload what its value is on the wire; null for a null value
 * @param key a {@code String}, or a {@code ByteBuffer}, or null
 */
record SoakMessage(
        int thread,
        int number,
        ByteBuffer payload,
        Object key,
        ByteBuffer orderingKey,
        Map<String, String> properties,
        CompletableFuture<MessageId> answer) {

    /** The property by which a message is known. */
    static final String ID = "id";

    String id() {
        return properties.get(ID);
    }

    /**
     * What its order hangs on in a group of several producers, beside its thread: its key, or else its ordering key.
     */
    Object order() {
        return Objects.requireNonNullElse(key, Objects.requireNonNullElse(orderingKey, "none"));
    }

    boolean isAcknowledged() {
        return !answer.isCompletedExceptionally();
    }

    boolean isCertainlyNotStored() {
        return !isAcknowledged() && Outcome.of(failure()) == Outcome.NOT_SENT;
    }

    private Throwable failure() {
        return Answers.failure(answer, Throwable.class);
    }

    /** Only what is too large was rejected, and unknown is only what has timed out. */
    void assertAnswerIsHonest() {
        assertThat(answer).as(id()).isDone();
        boolean isTooLarge = payload != null && payload.remaining() > Broker.MAX_MESSAGE_BYTES;
        if (isAcknowledged()) {
            assertThat(isTooLarge).as(id()).isFalse();
        } else if (failure() instanceof MessageRejectedException) {
            assertThat(isTooLarge).as("%s: %s", id(), failure()).isTrue();
        } else if (!isCertainlyNotStored()) {
            assertThat(failure()).as(id()).isInstanceOf(SendTimeoutException.class);
        }
    }

    /** It came as it was sent, and under the id that its sender was told. */
    void assertIs(Message<byte[]> message) {
        assertThat(message.getProperties()).as(id()).isEqualTo(properties);
        assertThat(wrapped(message.getValue())).as(id()).isEqualTo(payload);
        assertThat(message.hasKey()).as(id()).isEqualTo(key != null);
        assertThat(message.hasBase64EncodedKey()).as(id()).isEqualTo(key instanceof ByteBuffer);
        if (key != null) {
            assertThat(key instanceof ByteBuffer ? wrapped(message.getKeyBytes()) : message.getKey())
                    .as(id())
                    .isEqualTo(key);
        }
        assertThat(wrapped(message.getOrderingKey())).as(id()).isEqualTo(orderingKey);
        if (isAcknowledged()) {
            Answers.assertSameId(Answers.receipt(answer), message.getMessageId());
        }
    }

    /** The same with equality of content. */
    static ByteBuffer wrapped(byte[] bytes) {
        return bytes == null ? null : ByteBuffer.wrap(bytes);
    }
}
