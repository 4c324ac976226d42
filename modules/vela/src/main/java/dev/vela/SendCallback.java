package dev.vela;

import org.apache.pulsar.client.api.MessageId;
import org.jspecify.annotations.Nullable;

/**
 * Told the answer to a message: for callers who send so many that a future for each is too much.
 *
 * <p>Called once for each message, where the futures of {@code sendAsync} are completed: on a thread that Vela keeps for
 * this and that may be blocked, in the order of the answers. Where nothing was taken (a value that cannot be encoded, a
 * transaction that is over, a producer that was stopped) it may be called on the calling thread. One that sends again what
 * failed should look at the failure, or have a limit: through a producer that was stopped, {@code sendAsync} throws
 * {@link IllegalStateException} to a callback that has been refused 16 times within itself. What it throws is logged, and harms no other message.
 */
@FunctionalInterface
public interface SendCallback {

    /**
     * The answer.
     *
     * @param receipt the id of the stored message; null if it failed
     * @param failure why it failed, as the future would have; null if it is stored. It says by {@link SendFailure} whether
     *     the message is certainly not stored
     */
    void onAnswer(@Nullable MessageId receipt, @Nullable Throwable failure);
}
