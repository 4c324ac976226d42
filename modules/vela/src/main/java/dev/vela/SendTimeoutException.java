package dev.vela;

import org.apache.pulsar.client.api.PulsarClientException;

/**
 * The message's own timeout passed after the message was handed to the client and before the broker's receipt came.
 *
 * <p>The outcome is {@link Outcome#UNKNOWN}: the message or its receipt may still be on its way. A message that still
 * waits in Vela fails with {@link NoProducersAvailableException} or {@link BudgetExceededException} instead, and is
 * certainly not stored.
 */
public final class SendTimeoutException extends PulsarClientException.TimeoutException implements SendFailure {
    private static final long serialVersionUID = 1L;

    /** Creates a timeout with a message that says what is known of the send. */
    public SendTimeoutException(String message) {
        super(message);
    }

    @Override
    public Outcome outcome() {
        return Outcome.UNKNOWN;
    }
}
