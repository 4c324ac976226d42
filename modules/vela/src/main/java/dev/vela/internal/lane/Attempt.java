package dev.vela.internal.lane;

import dev.vela.internal.pulsar.EntryPublisher;
import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.MessageId;

/**
 * An entry as it was handed to one producer, or refused by it.
 *
 * @param by the producer
 * @param connection when that one had last lost its connection by then
 * @param result what it said at once
 * @param receipt what it says later, if it took the entry
 */
record Attempt(
        EntryPublisher by, long connection, Entry entry, OfferResult result, CompletableFuture<MessageId> receipt) {}
