package dev.vela.internal.lane;

import dev.vela.internal.pulsar.EntryPublisher;
import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.MessageId;

/**
 * One hand-over of an entry to a producer, which took or refused the entry.
 *
 * @param by the producer
 * @param connection when the producer had last lost its connection, as of the hand-over
 * @param result the producer's immediate result
 * @param receipt the producer's later result, if it took the entry
 */
record Attempt(
        EntryPublisher by, long connection, Entry entry, OfferResult result, CompletableFuture<MessageId> receipt) {}
