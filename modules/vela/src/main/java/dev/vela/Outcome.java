package dev.vela;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a failed send says about the message: certainly not stored, or nobody knows.
 *
 * <p>Sending a message again after {@link #NOT_SENT} cannot duplicate it. After {@link #UNKNOWN} it can, unless the
 * namespace deduplicates and the message keeps its producer name and sequence id. What has a sequence id of its own is to be
 * sent again before anything with a higher one: see {@link SupervisedMessageBuilder#sequenceId}.
 */
public enum Outcome {
    /** The message is certainly not stored: it never left, or the broker refused it. */
    NOT_SENT,
    /** The message left and no receipt came: it may or may not be stored. */
    UNKNOWN;

    /**
     * The outcome that a failure of a send stands for.
     *
     * <p>It is that of the first of Vela's failures in the chain of causes: futures, templates and frameworks wrap what
     * they hand on, several times at that. A failure that is not one of Vela's is {@link #UNKNOWN}, since it promises
     * nothing.
     *
     * @param failure what {@code send} threw or the future of {@code sendAsync} failed with
     * @throws NullPointerException if {@code failure} is null: a success has no such outcome
     */
    public static Outcome of(Throwable failure) {
        @Nullable Throwable cause = Objects.requireNonNull(failure, "failure");
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>()); // causes may go round in a circle
        while (cause != null && seen.add(cause)) {
            if (cause instanceof SendFailure known) {
                return known.outcome();
            }
            cause = cause.getCause();
        }
        return UNKNOWN;
    }
}
