package dev.vela;

import java.util.Objects;
import org.apache.pulsar.client.api.PulsarClientException;

/**
 * The message's own timeout passed before the broker's receipt came.
 *
 * <p>The outcome is {@link Outcome#UNKNOWN} once the message had been handed to a connection: a receipt may still be on
 * its way. It is {@link Outcome#NOT_SENT} if the message was still waiting here.
 */
public final class SendTimeoutException extends PulsarClientException.TimeoutException implements SendFailure {
    private static final long serialVersionUID = 1L;

    private final Outcome outcome;

    /** A timeout with what it says about the message. */
    public SendTimeoutException(String message, Outcome outcome) {
        super(message);
        this.outcome = Objects.requireNonNull(outcome, "outcome");
    }

    @Override
    public Outcome outcome() {
        return outcome;
    }
}
