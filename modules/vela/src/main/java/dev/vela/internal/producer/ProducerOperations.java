package dev.vela.internal.producer;

import dev.vela.ProducerState;
import dev.vela.internal.pulsar.EntryPublisher;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.jspecify.annotations.Nullable;

/** The operations that a producer's child uses. Called on the control thread; nothing blocks. */
interface ProducerOperations {
    CompletableFuture<EntryPublisher> create(String producerName, ProducerAccessMode accessMode);

    /** The partitions of the topic, as a sign that its broker answers. */
    CompletableFuture<Integer> lookUp();

    /** Closes a producer, off the control thread. */
    CompletableFuture<Void> close(EntryPublisher publisher);

    /** The failure that ended a producer for good, or null; probed off the control thread. */
    CompletableFuture<@Nullable Throwable> probe(EntryPublisher publisher);

    /** The delay after the given number of failures in a row. */
    Duration backoff(int failures);

    /** The delay after the given number of refusals since the producer was last alive. */
    Duration refusedBackoff(int refusals);

    /** Moves the slot to another state, and notifies listeners and the group. */
    void transition(ProducerSlot slot, ProducerState to, @Nullable Throwable cause);
}
