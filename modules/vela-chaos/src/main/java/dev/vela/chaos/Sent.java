package dev.vela.chaos;

import org.jspecify.annotations.Nullable;

/**
 * A message as the application sent it.
 *
 * @param id the identity of the message
 * @param topic the topic, without partition
 * @param key its key, if it has one
 * @param ordered whether the sending thread's order counts; false for a message sent from a callback
 * @param atMillis the time of the send, in milliseconds of the epoch
 * @param timeoutMillis the timeout of the message
 * @param nature the special nature of the message
 */
record Sent(
        MessageRef id,
        String topic,
        @Nullable String key,
        boolean ordered,
        long atMillis,
        long timeoutMillis,
        Nature nature) {

    /** The special nature of a message. */
    enum Nature {
        ORDINARY,
        /** Split into chunks, so its receipt may name another place than that of its last chunk. */
        CHUNKED,
        /** Sent by a handle that is closed right afterwards. */
        SHORT_LIVED,
        /** Part of a {@link TransactionRef transaction}. */
        TRANSACTIONAL
    }

    /** Creates an ordinary message. */
    Sent(MessageRef id, String topic, @Nullable String key, boolean ordered, long atMillis, long timeoutMillis) {
        this(id, topic, key, ordered, atMillis, timeoutMillis, Nature.ORDINARY);
    }
}
