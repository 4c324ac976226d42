package dev.vela;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * No producer could take the message: none came back within the message's timeout, or all of them are down for good
 * (fenced, terminated, refused, stopped or failed).
 *
 * <p>The outcome is always {@link Outcome#NOT_SENT}. The cause is the first of {@link #causes()}.
 */
public final class NoProducersAvailableException extends SendFailedException {
    private static final long serialVersionUID = 1L;

    private final transient List<Throwable> causes;

    /** Creates a failure with the last cause of each producer that could have taken the message. */
    public NoProducersAvailableException(String message, List<Throwable> causes) {
        super(describe(message, causes), Outcome.NOT_SENT, first(causes));
        this.causes = List.copyOf(causes);
    }

    /** The last cause of each producer that could have taken the message; empty if none is known. */
    public List<Throwable> causes() {
        return causes == null ? List.of() : causes;
    }

    private static String describe(String message, List<Throwable> causes) {
        Objects.requireNonNull(causes, "causes").forEach(cause -> Objects.requireNonNull(cause, "causes"));
        Throwable first = first(causes);
        if (first == null) {
            return message;
        }
        String rest = causes.size() == 1 ? "" : " (and " + (causes.size() - 1) + " more)";
        return message + ": " + first.getMessage() + rest;
    }

    private static @Nullable Throwable first(List<Throwable> causes) {
        return causes.isEmpty() ? null : causes.get(0);
    }
}
