package dev.vela.test;

import dev.vela.Outcome;
import dev.vela.SendFailure;
import org.jspecify.annotations.Nullable;

/**
 * An answer to be given to a message.
 *
 * @param outcome the outcome of a failure of no particular class; null for any other answer
 * @param failure a failure; null for any other answer
 * @param isDuplicate whether a receipt says that the broker had the message already
 */
record MockAnswer(@Nullable Outcome outcome, @Nullable Throwable failure, boolean isDuplicate) {
    static final MockAnswer STORED = new MockAnswer(null, null, false);
    static final MockAnswer DUPLICATE = new MockAnswer(null, null, true);

    static MockAnswer of(Outcome outcome) {
        return new MockAnswer(outcome, null, false);
    }

    static MockAnswer of(Throwable failure) {
        return new MockAnswer(null, failure, false);
    }

    /** Whether a message that no producer has taken can have this answer. */
    boolean fitsWaiting() {
        return outcome == Outcome.NOT_SENT
                || (failure instanceof SendFailure known && known.outcome() == Outcome.NOT_SENT);
    }
}
