package dev.vela;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;

/**
 * The runtime: one for each application and Pulsar cluster. It owns the names, the threads and the budget of all
 * producers started in it.
 *
 * <p>Thread-safe. A started producer that cannot be kept alive fails on its own and takes no other with it.
 */
public interface Vela extends AutoCloseable {

    /** A runtime on a client that stays the caller's: see {@link VelaBuilder#client}. */
    static Vela on(PulsarClient client) {
        try {
            return builder().client(client).build();
        } catch (PulsarClientException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * A runtime with a client of its own, with the settings that {@link VelaBuilder#customizeClient} lists. Does not wait for
     * a connection.
     *
     * @throws PulsarClientException if the address cannot be understood
     */
    static Vela connect(String serviceUrl) throws PulsarClientException {
        return builder().serviceUrl(serviceUrl).build();
    }

    /** Describes a runtime in detail. */
    static VelaBuilder builder() {
        return new VelaBuilder();
    }

    /**
     * A producer of any topic: {@code start()} looks it up and starts a {@link ProducerGroup} or a
     * {@link PartitionedProducer}.
     *
     * <p>A schema that is not the client's own is used by all producers of the handle. It is told the handle's topic, and
     * closed when the handle has stopped, both by a client of 4.2 or later. {@code AUTO_PRODUCE_BYTES} is looked up
     * before the first producer is created, and stays what it was for as long as the handle lives, whatever versions the
     * topic gets: a send before that waits in the calling thread, up to the message's timeout, and fails with
     * {@link NoProducersAvailableException} if it is not known by then; at once on a thread that must not block.
     *
     * @param schema of the messages
     */
    <T> SupervisedProducerBuilder<T, SupervisedProducer<T>> newProducer(Schema<T> schema);

    /** A producer of a topic without partitions, or of a single partition named as a topic. */
    <T> SupervisedProducerBuilder<T, ProducerGroup<T>> newProducerGroup(Schema<T> schema);

    /** A producer of a partitioned topic. */
    <T> SupervisedProducerBuilder<T, PartitionedProducer<T>> newPartitionedProducer(Schema<T> schema);

    /**
     * Starts a child described before, under the runtime. Completes when its first start attempt has been answered; fails
     * if its id is taken, with {@link AlreadyStartedException} if a producer holds it, and if it is stopped before it has
     * started. A child that is no producer frees its id when it has ended and is not restarted.
     */
    CompletableFuture<Void> startAsync(ChildSpec spec);

    /** The live producer of this name, if there is one. */
    Optional<SupervisedProducer<?>> find(String name);

    /**
     * The live producer of this name, for messages of this schema.
     *
     * @throws PulsarClientException.NotFoundException if there is none of this name
     * @throws IllegalArgumentException if it was started with another schema: of another class, type, definition or properties
     */
    <T> SupervisedProducer<T> get(String name, Schema<T> schema) throws PulsarClientException.NotFoundException;

    /** The live producers, in the order of their start. */
    List<SupervisedProducer<?>> producers();

    /**
     * Stops the child of this name and frees the name; a producer drains first.
     *
     * @return completes when it has stopped; fails with {@link PulsarClientException.NotFoundException} if there is none.
     *     It is the caller's own: to cancel it or to set it a time-out stops nothing
     */
    CompletableFuture<Void> stopAsync(String name, Duration drain);

    /** The whole tree at this moment. Never blocks on I/O. */
    Snapshot snapshot();

    /** The client that it runs on. */
    PulsarClient client();

    /**
     * Stops everything: no producer takes new messages, all drain together, then the official producers of all are closed
     * together, then what was started is stopped in the reverse order of its start, then the runtime's own client and
     * threads. Idempotent.
     *
     * <p>However many producers there are, all that is theirs ends soon after the drain: a broker that does not answer has what
     * is left of the drain to close them, at most 3 s and at least 1 s; callbacks that do not return delay it by 3 s at most,
     * and a client of Vela's own that does not close by 5 s. Each child that is no producer has its own
     * {@linkplain ChildSpec#shutdown shutdown time}. A producer whose creation is pending on a client of the caller's is
     * closed as soon as it is there.
     *
     * @param drain how long to wait for answers; zero stops at once
     * @return completes when all is closed; never fails. Each call's is the caller's own: to cancel it or to set it a time-out
     *     changes nothing of the close
     */
    CompletableFuture<Void> closeAsync(Duration drain);

    /**
     * {@link #closeAsync(Duration)} with a drain of 10 s, waited for.
     *
     * @throws PulsarClientException if interrupted; the close goes on
     * @throws IllegalStateException on a thread of Vela or of the Pulsar client
     */
    @Override
    void close() throws PulsarClientException;
}
