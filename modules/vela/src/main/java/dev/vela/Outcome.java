package dev.vela;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a failed send says about the message: certainly not stored, or unknown.
 *
 * <p>Sending a message again after {@link #NOT_SENT} cannot duplicate it. After {@link #UNKNOWN} it can, unless the
 * namespace deduplicates and the message keeps its producer name and sequence id. Send a message with an
 * application-chosen sequence id again before any message with a higher id: see
 * {@link SupervisedMessageBuilder#sequenceId}.
 */
public enum Outcome {
    /** The message is certainly not stored: it was never sent, or the broker refused it. */
    NOT_SENT,
    /** The message was sent and no receipt came: it may or may not be stored. */
    UNKNOWN;

    /**
     * The outcome that a failed send stands for.
     *
     * <p>The first Vela failure in the chain of causes decides, since futures, templates and frameworks wrap failures,
     * often several times. A failure that is not from Vela is {@link #UNKNOWN}, since it promises nothing.
     *
     * @param failure the exception that {@code send} threw or that the future of {@code sendAsync} failed with
     * @throws NullPointerException if {@code failure} is null: a success has no such outcome
     */
    public static Outcome of(Throwable failure) {
        @Nullable Throwable cause = Objects.requireNonNull(failure, "failure");
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>()); // causes may form a cycle
        while (cause != null && seen.add(cause)) {
            if (cause instanceof SendFailure known) {
                return known.outcome();
            }
            cause = cause.getCause();
        }
        return UNKNOWN;
    }
}
