package dev.vela.internal.pulsar;

import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.MessageId;
import org.jspecify.annotations.Nullable;

/**
 * One official producer, as a lane sees it.
 *
 * <p>{@link #publish} must be called by one thread at a time, in the order of sequence ids. The rest is thread-safe.
 */
public interface EntryPublisher {
    /**
     * Hands over one entry. Does not block.
     *
     * @return the receipt; may be complete already, completes on a thread of the client, perhaps with its locks held; fails
     *     with a {@link Refusal} if the entry certainly has not been queued
     */
    CompletableFuture<MessageId> publish(EncodedEntry entry, long sequenceId);

    /**
     * How many bytes a batch may have that is to go over its present connection in one piece. It depends on the producer's
     * configuration and on what the broker allows, so it may differ after a reconnect. Cheap.
     */
    default int maxBatchBytes() {
        return Integer.MAX_VALUE;
    }

    /** Whether it is connected and ready. Cheap. */
    boolean isConnected();

    /** What ended it for good, or null if it may yet send. Publishes nothing. */
    @Nullable
    Throwable terminalCause();

    /** The highest sequence id that the broker knew of its name when it connected first, or -1. */
    long lastSequenceId();

    /** The topic's epoch when it was granted exclusive access; -1 without, or if it cannot be found out. */
    default long topicEpoch() {
        return -1;
    }

    /** When it last lost its connection, in milliseconds of the epoch; 0 if never. */
    long lastDisconnected();

    /** Closes it, failing what is pending. Does not block. */
    CompletableFuture<Void> closeAsync();
}
