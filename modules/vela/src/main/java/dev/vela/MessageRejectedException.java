package dev.vela;

import org.apache.pulsar.client.api.PulsarClientException;
import org.jspecify.annotations.Nullable;

/**
 * The message itself cannot be published, whichever producer takes it: too large, not encodable, against its schema.
 *
 * <p>The outcome is always {@link Outcome#NOT_SENT}. Other messages are not affected.
 */
public final class MessageRejectedException extends PulsarClientException.InvalidMessageException
        implements SendFailure {
    private static final long serialVersionUID = 1L;

    /** Creates a rejection with its cause, if any. */
    public MessageRejectedException(String message, @Nullable Throwable cause) {
        super(message);
        if (cause != null) {
            initCause(cause);
        }
    }

    @Override
    public Outcome outcome() {
        return Outcome.NOT_SENT;
    }
}
