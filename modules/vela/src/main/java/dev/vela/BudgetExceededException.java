package dev.vela;

import org.apache.pulsar.client.api.PulsarClientException;

/**
 * A budget of pending messages or bytes was full, and the caller could not or did not want to wait.
 *
 * <p>The outcome is always {@link Outcome#NOT_SENT}.
 */
public final class BudgetExceededException extends PulsarClientException.ProducerQueueIsFullError
        implements SendFailure {
    private static final long serialVersionUID = 1L;

    /** Creates a refusal with a message that names the budget. */
    public BudgetExceededException(String message) {
        super(message);
    }

    @Override
    public Outcome outcome() {
        return Outcome.NOT_SENT;
    }
}
