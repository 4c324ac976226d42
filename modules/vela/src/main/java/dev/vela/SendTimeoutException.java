package dev.vela;

import java.util.Objects;
import org.apache.pulsar.client.api.PulsarClientException;

/**
 * The message's own timeout passed after it had been handed to the client, and before the broker's receipt came.
 *
 * <p>The outcome is {@link Outcome#UNKNOWN}: the message or its receipt may still be on its way. One that was still waiting
 * here fails with {@link NoProducersAvailableException} or {@link BudgetExceededException} instead, and is certainly not
 * stored.
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
