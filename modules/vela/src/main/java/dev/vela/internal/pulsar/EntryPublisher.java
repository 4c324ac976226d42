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
     * @return the receipt; may already be complete; otherwise completed on a thread of the client, perhaps with the
     *     client's locks held; fails with a {@link Refusal} if the entry certainly has not been queued
     */
    CompletableFuture<MessageId> publish(EncodedEntry entry, long sequenceId);

    /**
     * The maximum size in bytes of a batch that fits over the current connection in one piece. It depends on the
     * producer's configuration and on the broker's limit, so it may differ after a reconnect. Cheap.
     */
    default int maxBatchBytes() {
        return Integer.MAX_VALUE;
    }

    /** Whether the producer is connected and ready. Cheap. */
    boolean isConnected();

    /** The broker that the producer is connected to, as host:port; null if it is not connected or unknown. Cheap. */
    default @Nullable String broker() {
        return null;
    }

    /** The failure that ended the producer for good, or null if it may still send. Publishes nothing. */
    @Nullable
    Throwable terminalCause();

    /** The highest sequence id that the broker knew for the producer's name when it first connected, or -1. */
    long lastSequenceId();

    /**
     * The topic's epoch from the grant of exclusive access; -1 without such access, or if the epoch is not accessible.
     */
    default long topicEpoch() {
        return -1;
    }

    /** When the producer last lost its connection, in milliseconds since the epoch; 0 if never. */
    long lastDisconnected();

    /** Closes the producer and fails its pending entries. Does not block. */
    CompletableFuture<Void> closeAsync();
}
