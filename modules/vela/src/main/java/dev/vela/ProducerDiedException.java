package dev.vela;

import org.jspecify.annotations.Nullable;

/**
 * The producer that had the message in flight died before the broker's receipt came.
 *
 * <p>The outcome is {@link Outcome#UNKNOWN}. The cause says why the producer died. Its supervisor has been notified and
 * acts on it; this message is not sent again. Under {@link InFlightPolicy#REPLAY} this exception means that no
 * successor can send the message again.
 */
public final class ProducerDiedException extends SendFailedException {
    private static final long serialVersionUID = 1L;

    /** Creates a death with its cause, if known. */
    public ProducerDiedException(String message, @Nullable Throwable cause) {
        super(message, Outcome.UNKNOWN, cause);
    }
}
