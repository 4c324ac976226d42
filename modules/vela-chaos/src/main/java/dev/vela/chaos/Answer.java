package dev.vela.chaos;

import org.jspecify.annotations.Nullable;

/**
 * The answer that the application got for a message.
 *
 * @param kind the meaning of the answer
 * @param atMillis the time of the answer, in milliseconds of the epoch
 * @param receipt the place where the message is stored, as {@link Reading#place}; null if it is not stored, or if the
 *     broker had it already
 * @param cause the cause of the failure, in a word; null if the message did not fail
 */
record Answer(
        Kind kind,
        long atMillis,
        @Nullable String receipt,
        @Nullable String cause) {

    /** The meaning of an answer. */
    enum Kind {
        /** The message is stored. */
        STORED,
        /** The message is certainly not stored. */
        FAILED,
        /** The message may or may not be stored. */
        UNKNOWN
    }
}
