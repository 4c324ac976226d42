package dev.vela.internal.pulsar;

import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.impl.MessageImpl;

/**
 * The unit that an official producer is given in one call: a message, or a batch of messages.
 *
 * <p>Handed over by one thread at a time, more than once if the first producer could not take the entry.
 */
public abstract class EncodedEntry {
    /** The application chose no sequence id. */
    static final long NO_SEQUENCE_ID = -1;

    EncodedEntry() {}

    /** The highest sequence id that the application chose for a message in the entry, or -1. */
    public abstract long chosenSequenceId();

    /** Whether the entry is a batch. */
    boolean isBatch() {
        return false;
    }

    /** The schema that the entry is encoded with. */
    abstract Schema<?> schema();

    /** A message for the official client to keep and to change: each attempt gets a new message. */
    abstract MessageImpl<?> nextAttempt(long sequenceId);
}
