package dev.vela.behaviour;

import dev.vela.ChildSpec;
import dev.vela.PartitionedProducer;
import dev.vela.ProducerGroup;
import dev.vela.Snapshot;
import dev.vela.SupervisedProducer;
import dev.vela.SupervisedProducerBuilder;
import dev.vela.Vela;
import dev.vela.VelaMXBean;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.pulsar.client.api.ProducerBuilder;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;

/**
 * A runtime whose producers give each message two minutes. By default a blocking send has 5 s, which the first one can
 * exceed on a busy machine: the producer is created and the broker loads the topic. A test of timeouts sets its own.
 */
final class PatientVela implements Vela {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Vela vela;

    /** Closing it closes the given runtime. */
    PatientVela(Vela vela) {
        this.vela = vela;
    }

    @Override
    public <T> SupervisedProducerBuilder<T, SupervisedProducer<T>> newProducer(Schema<T> schema) {
        return vela.newProducer(schema).sendTimeout(PATIENCE);
    }

    @Override
    public <T> SupervisedProducerBuilder<T, ProducerGroup<T>> newProducerGroup(Schema<T> schema) {
        return vela.newProducerGroup(schema).sendTimeout(PATIENCE);
    }

    @Override
    public <T> SupervisedProducerBuilder<T, PartitionedProducer<T>> newPartitionedProducer(Schema<T> schema) {
        return vela.newPartitionedProducer(schema).sendTimeout(PATIENCE);
    }

    @Override
    public PulsarClient supervisedClient() {
        return vela.supervisedClient();
    }

    @Override
    public <T> ProducerBuilder<T> supervisedBuilder(
            ProducerBuilder<T> builder, Consumer<? super SupervisedProducerBuilder<?, ?>> customizer) {
        return vela.supervisedBuilder(builder, customizer);
    }

    @Override
    public CompletableFuture<Void> startAsync(ChildSpec spec) {
        return vela.startAsync(spec);
    }

    @Override
    public String name() {
        return vela.name();
    }

    @Override
    public Optional<SupervisedProducer<?>> find(String name) {
        return vela.find(name);
    }

    @Override
    public <T> SupervisedProducer<T> get(String name, Schema<T> schema) throws PulsarClientException.NotFoundException {
        return vela.get(name, schema);
    }

    @Override
    public List<SupervisedProducer<?>> producers() {
        return vela.producers();
    }

    @Override
    public CompletableFuture<Void> stopAsync(String name, Duration drain) {
        return vela.stopAsync(name, drain);
    }

    @Override
    public VelaMXBean management() {
        return vela.management();
    }

    @Override
    public Snapshot snapshot() {
        return vela.snapshot();
    }

    @Override
    public PulsarClient client() {
        return vela.client();
    }

    @Override
    public CompletableFuture<Void> closeAsync(Duration drain) {
        return vela.closeAsync(drain);
    }

    @Override
    public void close() throws PulsarClientException {
        vela.close();
    }
}
