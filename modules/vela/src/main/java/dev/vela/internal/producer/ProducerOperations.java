package dev.vela.internal.producer;

import dev.vela.ProducerState;
import dev.vela.internal.pulsar.EntryPublisher;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.jspecify.annotations.Nullable;

/** The operations that a producer's child asks for. Called on the control thread; nothing blocks. */
interface ProducerOperations {
    CompletableFuture<EntryPublisher> create(String producerName, ProducerAccessMode accessMode);

    /** The partitions of the topic, as a sign that its broker answers. */
    CompletableFuture<Integer> lookUp();

    /** Closes one, off the control thread. */
    CompletableFuture<Void> close(EntryPublisher publisher);

    /** What ended one for good, or null; asked off the control thread. */
    CompletableFuture<@Nullable Throwable> probe(EntryPublisher publisher);

    /** A delay, after so many failures in a row. */
    Duration backoff(int failures);

    /** A delay, after so many refusals since it last lived. */
    Duration refusedBackoff(int refusals);

    /** Moves the slot, and tells all who care. */
    void transition(ProducerSlot slot, ProducerState to, @Nullable Throwable cause);
}
