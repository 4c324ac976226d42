package dev.vela;

import dev.vela.internal.root.SupervisedClient;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.pulsar.client.api.ProducerBuilder;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;

/**
 * The runtime: one for each application and Pulsar cluster. It owns the names, the threads and the budget of all
 * producers started in it.
 *
 * <p>Thread-safe. A started producer that cannot be kept alive fails alone and does not affect others.
 */
public interface Vela extends AutoCloseable {

    /** Creates a runtime on a client that the caller keeps owning: see {@link VelaBuilder#client}. */
    static Vela on(PulsarClient client) {
        try {
            return builder().client(client).build();
        } catch (PulsarClientException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Creates a runtime with its own client, with the settings that {@link VelaBuilder#customizeClient} lists. Does not
     * wait for a connection.
     *
     * @throws PulsarClientException if the address cannot be parsed
     */
    static Vela connect(String serviceUrl) throws PulsarClientException {
        return builder().serviceUrl(serviceUrl).build();
    }

    /**
     * Makes the producers of a client supervised: shorthand for {@link #supervisedClient} of a runtime
     * {@linkplain #on(PulsarClient) on} this client. Code that knows only {@link PulsarClient} then publishes through
     * supervised producers. A client that is supervised already is returned as it is.
     */
    static PulsarClient supervise(PulsarClient client) {
        Objects.requireNonNull(client, "client");
        return SupervisedClient.isSupervised(client) ? client : on(client).supervisedClient();
    }

    /** Whether the producers of a client are supervised: {@link #supervisedClient} of some runtime has made it. */
    static boolean isSupervised(PulsarClient client) {
        return SupervisedClient.isSupervised(Objects.requireNonNull(client, "client"));
    }

    /** Describes a runtime in detail. */
    static VelaBuilder builder() {
        return new VelaBuilder();
    }

    /**
     * A producer of any topic: {@code start()} looks it up and starts a {@link ProducerGroup} or a
     * {@link PartitionedProducer}.
     *
     * <p>A schema that is not the client's own is used by all producers of the handle. With a client of 4.2 or later it
     * gets the handle's topic, and is closed when the handle has stopped. {@code AUTO_PRODUCE_BYTES} is looked up
     * before the first producer is created, and then stays the same for the life of the handle, whatever versions the
     * topic gets. A send before the look-up waits in the calling thread, up to the message's timeout, and fails with
     * {@link NoProducersAvailableException} if the schema is not known by then; on a thread that must not block it
     * fails at once.
     *
     * @param schema the schema of the messages
     */
    <T> SupervisedProducerBuilder<T, SupervisedProducer<T>> newProducer(Schema<T> schema);

    /** A producer of a topic without partitions, or of a single partition named as a topic. */
    <T> SupervisedProducerBuilder<T, ProducerGroup<T>> newProducerGroup(Schema<T> schema);

    /** A producer of a partitioned topic. */
    <T> SupervisedProducerBuilder<T, PartitionedProducer<T>> newPartitionedProducer(Schema<T> schema);

    /**
     * This runtime as a client: a {@link PulsarClient} whose {@code newProducer} makes supervised producers, and which
     * is {@link #client} in all else. For code that creates its producers from a client, such as a framework.
     *
     * <p>Its builders honour every official setting, with the official defaults, or refuse it when the producer is
     * created; see the migration guide for each. {@code create} returns when the first attempt of each official
     * producer has been answered. If one attempt fails, it throws what the official client throws, and nothing is left
     * behind. From then on the producer is supervised like any other; it is a {@link SupervisedProducer}. In this
     * runtime a producer has the topic as its name, followed by {@code ~1}, {@code ~2}, … if the topic has others; with
     * an official name it is called {@code NAME on TOPIC}, and a second live producer of that name is refused with
     * {@link PulsarClientException.ProducerBusyException}.
     *
     * <p>Closing it closes the runtime, which drains, and then {@link #client}, whoever owns that. {@code shutdown} does
     * so at once.
     */
    PulsarClient supervisedClient();

    /**
     * An official builder of supervised producers, with the schema, the settings and the interceptors that another
     * builder has at this moment: {@link #supervisedClient} for code that receives a builder instead of a client, such
     * as a customizer of a framework. The other builder stays as it is. Producers that linger ({@link VelaBuilder#linger})
     * are shared by the producers of one such builder and its clones, not with those of other builders.
     *
     * @param builder a builder of {@link #client}
     * @param customizer changes what an official builder cannot say; called like those of
     *     {@link VelaBuilder#customizeSupervised}, after them
     * @throws IllegalArgumentException if the builder is not an official one, belongs to another client, or makes
     *     supervised producers already
     */
    <T> ProducerBuilder<T> supervisedBuilder(
            ProducerBuilder<T> builder, Consumer<? super SupervisedProducerBuilder<?, ?>> customizer);

    /**
     * Starts a child from its description, under the runtime. Completes when its first start attempt has been answered.
     * Fails if its id is taken, with {@link AlreadyStartedException} if a producer holds the id, and if the child is
     * stopped before it has started. A child that is not a producer frees its id when it has ended and is not
     * restarted.
     */
    CompletableFuture<Void> startAsync(ChildSpec spec);

    /** The name of this runtime: see {@link VelaBuilder#name}. */
    String name();

    /** The live producer of this name, if there is one. */
    Optional<SupervisedProducer<?>> find(String name);

    /**
     * The live producer of this name, for messages of this schema.
     *
     * @throws PulsarClientException.NotFoundException if there is no live producer of this name
     * @throws IllegalArgumentException if the producer was started with a schema of another class, type, definition or
     *     properties
     */
    <T> SupervisedProducer<T> get(String name, Schema<T> schema) throws PulsarClientException.NotFoundException;

    /** The live producers, in the order of their start. */
    List<SupervisedProducer<?>> producers();

    /**
     * Stops the child of this name and frees the name; a producer drains first.
     *
     * @return completes when the child has stopped; fails with {@link PulsarClientException.NotFoundException} if there
     *     is none. Each call returns a separate future: cancelling it or giving it a timeout stops nothing
     */
    CompletableFuture<Void> stopAsync(String name, Duration drain);

    /** The whole tree at this moment. Never blocks on I/O. */
    Snapshot snapshot();

    /**
     * What tools see of this runtime and may do, whether or not it is registered with an MBean server: see
     * {@link VelaBuilder#jmx}. After the close it reports an empty snapshot.
     */
    VelaMXBean management();

    /** The client that the runtime uses. */
    PulsarClient client();

    /**
     * Stops everything. No producer accepts new messages, all drain together, then all their official producers are
     * closed together, then all that was started is stopped in the reverse order of its start, then the runtime's own
     * client and threads are closed. Idempotent.
     *
     * <p>All producers, however many, end soon after the drain. A broker that does not answer gets the rest of the
     * drain to close them, at most 3 s and at least 1 s. Callbacks that do not return delay the close by at most 3 s,
     * and a client owned by Vela that does not close delays it by at most 5 s. Each child that is not a producer has
     * its own {@linkplain ChildSpec#shutdown shutdown time}. A producer whose creation is still pending on the caller's
     * client is closed as soon as it is created.
     *
     * @param drain how long to wait for answers; zero stops at once
     * @return completes when everything is closed; never fails. Each call returns a separate future: cancelling it or
     *     giving it a timeout does not affect the close
     */
    CompletableFuture<Void> closeAsync(Duration drain);

    /**
     * Calls {@link #closeAsync(Duration)} with a drain of 10 s and waits for it.
     *
     * @throws PulsarClientException if interrupted; the close continues
     * @throws IllegalStateException on a thread of Vela or of the Pulsar client
     */
    @Override
    void close() throws PulsarClientException;
}
