package dev.vela;

/**
 * All producers that could take the message wait for exclusive access and have not been promoted yet.
 *
 * <p>The outcome is always {@link Outcome#NOT_SENT}.
 */
public final class ProducerWaitingException extends SendFailedException {
    private static final long serialVersionUID = 1L;

    /** Creates a refusal with a message that names the topic. */
    public ProducerWaitingException(String message) {
        super(message, Outcome.NOT_SENT, null);
    }
}
