package dev.vela.chaos;

import org.jspecify.annotations.Nullable;

/**
 * What the application was told of a message.
 *
 * @param kind what that means
 * @param atMillis when, in milliseconds of the epoch
 * @param receipt where it is stored, as {@link Reading#place}; null if it is not, or if the broker had it already
 * @param cause why it failed, in a word; null if it did not
 */
record Answer(
        Kind kind,
        long atMillis,
        @Nullable String receipt,
        @Nullable String cause) {

    /** What an answer means. */
    enum Kind {
        /** It is stored. */
        STORED,
        /** It certainly is not. */
        FAILED,
        /** It may or may not be. */
        UNKNOWN
    }
}
