package dev.vela;

import org.jspecify.annotations.Nullable;

/**
 * The producer that had taken the message died before the broker's receipt came.
 *
 * <p>The outcome is {@link Outcome#UNKNOWN}. The cause says what the producer died of. Its supervisor has been told and acts
 * on it; this message is not sent again. Under {@link InFlightPolicy#REPLAY} it means that nobody is left to send it again.
 */
public final class ProducerDiedException extends SendFailedException {
    private static final long serialVersionUID = 1L;

    /** A death with its cause, if one is known. */
    public ProducerDiedException(String message, @Nullable Throwable cause) {
        super(message, Outcome.UNKNOWN, cause);
    }
}
