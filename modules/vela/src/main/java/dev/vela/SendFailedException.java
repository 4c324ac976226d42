package dev.vela;

import java.util.Objects;
import org.apache.pulsar.client.api.PulsarClientException;
import org.jspecify.annotations.Nullable;

/** A message failed for a reason that has no class of its own; the cause says which. */
public class SendFailedException extends PulsarClientException implements SendFailure {
    private static final long serialVersionUID = 1L;

    private final Outcome outcome;

    /** A failure with its cause, if one is known. */
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
