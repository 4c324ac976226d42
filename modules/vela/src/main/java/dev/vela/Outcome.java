package dev.vela;

import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
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
     * <p>Wrappers that futures add ({@link CompletionException}, {@link ExecutionException}) are looked through. A
     * failure that is not one of Vela's is {@link #UNKNOWN}, since it promises nothing.
     *
     * @param failure what {@code send} threw or the future of {@code sendAsync} failed with
     * @throws NullPointerException if {@code failure} is null: a success has no such outcome
     */
    public static Outcome of(Throwable failure) {
        @Nullable Throwable cause = Objects.requireNonNull(failure, "failure");
        while (cause instanceof CompletionException || cause instanceof ExecutionException) {
            cause = cause.getCause();
        }
        return cause instanceof SendFailure known ? known.outcome() : UNKNOWN;
    }
}
