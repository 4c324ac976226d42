package dev.vela;

import org.apache.pulsar.client.api.MessageId;
import org.jspecify.annotations.Nullable;

/**
 * Receives the answer to a message, for applications where one future per message costs too much.
 *
 * <p>Called once for each message, where the futures of {@code sendAsync} are completed: on a dedicated Vela thread,
 * which may be blocked, in the order of the answers. If the message was not accepted (a value that cannot be encoded, a
 * transaction that is over, a stopped producer), the callback may be called on the calling thread. A callback that
 * retries failed messages should check the failure, or limit its retries: on a stopped producer, {@code sendAsync}
 * throws {@link IllegalStateException} to a callback that has been refused 16 times within itself. Exceptions from a
 * callback are logged, and affect no other message.
 */
@FunctionalInterface
public interface SendCallback {

    /**
     * Called with the answer.
     *
     * @param receipt the id of the stored message; null if the send failed
     * @param failure why the send failed, the exception that a future would get; null if the message is stored. As a
     *     {@link SendFailure} it says whether the message is certainly not stored
     */
    void onAnswer(@Nullable MessageId receipt, @Nullable Throwable failure);
}
