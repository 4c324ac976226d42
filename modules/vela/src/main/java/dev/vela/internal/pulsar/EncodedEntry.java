package dev.vela.internal.pulsar;

import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.impl.MessageImpl;

/**
 * What an official producer is given at once: a message, or a batch of them.
 *
 * <p>Handed over by one thread at a time, more than once if the first producer could not take it.
 */
public abstract class EncodedEntry {

    EncodedEntry() {}

    /** The highest sequence id that the application chose for what is in it, or -1. */
    public abstract long chosenSequenceId();

    /** Whether there are several messages in it. */
    boolean isBatch() {
        return false;
    }

    /** The schema that it is encoded with. */
    abstract Schema<?> schema();

    /** A message for the official client to keep and to change: each attempt gets one of its own. */
    abstract MessageImpl<?> nextAttempt(long sequenceId);
}
