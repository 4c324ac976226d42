package dev.vela.chaos;

import org.jspecify.annotations.Nullable;

/**
 * A message as the application meant it.
 *
 * @param id which one
 * @param topic the topic, without partition
 * @param key its key, if it has one
 * @param ordered whether it was sent by a thread whose order counts; not so from a callback
 * @param atMillis when, in milliseconds of the epoch
 * @param timeoutMillis how long its answer may take
 * @param nature what is special about it
 */
record Sent(
        MessageRef id,
        String topic,
        @Nullable String key,
        boolean ordered,
        long atMillis,
        long timeoutMillis,
        Nature nature) {

    /** What is special about a message. */
    enum Nature {
        ORDINARY,
        /** Cut into chunks, so its receipt may name another place than that of its last chunk. */
        CHUNKED,
        /** Sent by a handle that is closed right after. */
        SHORT_LIVED,
        /** Part of a {@link TransactionRef transaction}. */
        TRANSACTIONAL
    }

    /** Creates an ordinary one. */
    Sent(MessageRef id, String topic, @Nullable String key, boolean ordered, long atMillis, long timeoutMillis) {
        this(id, topic, key, ordered, atMillis, timeoutMillis, Nature.ORDINARY);
    }
}
