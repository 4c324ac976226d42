package dev.vela;

import java.util.Objects;
import org.apache.pulsar.client.api.PulsarClientException;
import org.jspecify.annotations.Nullable;

/** A message failed for a reason that has no specific exception class; the cause gives the reason. */
public class SendFailedException extends PulsarClientException implements SendFailure {
    private static final long serialVersionUID = 1L;

    private final Outcome outcome;

    /** Creates a failure with its cause, if known. */
    public SendFailedException(String message, Outcome outcome, @Nullable Throwable cause) {
        super(message);
        if (cause != null) {
            initCause(cause);
        }
        this.outcome = Objects.requireNonNull(outcome, "outcome");
    }

    @Override
    public final Outcome outcome() {
        return outcome;
    }
}
