package dev.vela.internal.root;

import dev.vela.ChildSpec;
import dev.vela.PartitionedProducer;
import dev.vela.ProducerGroup;
import dev.vela.Snapshot;
import dev.vela.SupervisedProducer;
import dev.vela.SupervisedProducerBuilder;
import dev.vela.Vela;
import dev.vela.VelaMXBean;
import dev.vela.internal.checks.Checks;
import dev.vela.internal.handle.Handle;
import dev.vela.internal.lane.Reserve;
import dev.vela.internal.live.EventLog;
import dev.vela.internal.live.Management;
import dev.vela.internal.pulsar.Schemas;
import dev.vela.internal.pulsar.SupervisingBuilder;
import dev.vela.internal.runtime.RuntimeResources;
import dev.vela.internal.runtime.Threads;
import dev.vela.internal.runtime.TopicKind;
import dev.vela.internal.runtime.VelaOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pulsar.client.api.ProducerBuilder;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The runtime: holds the registry of names, and starts and stops the trees under them. */
public final class DefaultVela implements Vela {
    private static final Logger log = LoggerFactory.getLogger(DefaultVela.class);

    private final RuntimeResources resources;
    private final boolean ownsClient;
    private final Registry registry = new Registry();
    private final HandleStarts starts;
    private final VelaOptions options;
    private final Management management;

    public DefaultVela(PulsarClient client, boolean ownsClient, VelaOptions options) {
        EventLog events = new EventLog(options.name());
        this.management = new Management(this, options.name(), options.remoteRestart(), events);
        this.resources = new RuntimeResources(client, options, events); // last of what may fail: it starts threads
        this.ownsClient = ownsClient;
        this.starts = new HandleStarts(resources, registry);
        this.options = options;
    }

    /** Makes this runtime known to its metrics and to tools. Closes it if metrics throw, and throws the same. */
    public DefaultVela publish() {
        try {
            resources.bindMetrics(this);
        } catch (Throwable failure) {
            closeAsync(Duration.ZERO);
            throw failure;
        }
        management.publish(options.jmx());
        return this;
    }

    // ---- starting

    @Override
    public <T> SupervisedProducerBuilder<T, SupervisedProducer<T>> newProducer(Schema<T> schema) {
        return new DefaultProducerBuilder<>(starts, schema, TopicKind.EITHER, SupervisedProducer.class);
    }

    @Override
    public <T> SupervisedProducerBuilder<T, ProducerGroup<T>> newProducerGroup(Schema<T> schema) {
        return new DefaultProducerBuilder<>(starts, schema, TopicKind.GROUP, ProducerGroup.class);
    }

    @Override
    public <T> SupervisedProducerBuilder<T, PartitionedProducer<T>> newPartitionedProducer(Schema<T> schema) {
        return new DefaultProducerBuilder<>(starts, schema, TopicKind.PARTITIONED, PartitionedProducer.class);
    }

    @Override
    public CompletableFuture<Void> startAsync(ChildSpec spec) {
        Objects.requireNonNull(spec, "spec");
        if (spec.starter() instanceof HandleSpec<?> handleSpec) {
            return starts.startAsync(spec, handleSpec.named(spec.id())).thenAccept(handle -> {});
        }
        NamedChild registration;
        try {
            registration = registry.register(resources, spec);
        } catch (PulsarClientException e) {
            return CompletableFuture.failedFuture(e);
        }
        return registration.start();
    }

    @Override
    public PulsarClient supervisedClient() {
        return SupervisedClient.of(client(), this, new OfficialStarts(resources, registry, starts, options));
    }

    @Override
    public <T> ProducerBuilder<T> supervisedBuilder(
            ProducerBuilder<T> builder, Consumer<? super SupervisedProducerBuilder<?, ?>> customizer) {
        Objects.requireNonNull(builder, "builder");
        Objects.requireNonNull(customizer, "customizer");
        VelaOptions customized = options.withSupervisedCustomizer((topic, supervised) -> customizer.accept(supervised));
        return SupervisingBuilder.like(builder, client(), new OfficialStarts(resources, registry, starts, customized));
    }

    // ---- finding

    @Override
    public String name() {
        return options.name();
    }

    @Override
    public Optional<SupervisedProducer<?>> find(String name) {
        NamedChild registration = registry.find(name);
        return registration == null ? Optional.empty() : Optional.ofNullable(registration.handle());
    }

    @Override
    @SuppressWarnings("unchecked") // checked by the schema
    public <T> SupervisedProducer<T> get(String name, Schema<T> schema) throws PulsarClientException.NotFoundException {
        Objects.requireNonNull(schema, "schema");
        NamedChild registration = registry.find(name);
        Handle<?> handle = registration == null ? null : registration.handle();
        if (handle == null) {
            throw notFound(name);
        }
        Schema<?> started = handle.settings.schema();
        if (!Schemas.areSame(started, schema)) {
            throw new IllegalArgumentException("schema must be the one that " + name + " was started with, "
                    + Schemas.text(started) + ", was " + Schemas.text(schema));
        }
        return (SupervisedProducer<T>) handle;
    }

    private static PulsarClientException.NotFoundException notFound(String name) {
        return new PulsarClientException.NotFoundException(
                "nothing named " + Checks.text(name) + " is started in this Vela");
    }

    @Override
    public List<SupervisedProducer<?>> producers() {
        return Collections.unmodifiableList(handles());
    }

    private List<Handle<?>> handles() {
        List<Handle<?>> handles = new ArrayList<>();
        for (NamedChild registration : registry.all()) {
            Handle<?> handle = registration.handle();
            if (handle != null) {
                handles.add(handle);
            }
        }
        return handles;
    }

    @Override
    public Snapshot snapshot() {
        List<Snapshot.Topic> topics =
                producers().stream().map(SupervisedProducer::snapshot).toList();
        Reserve reserve = handles().stream().map(Handle::reserve).reduce(Reserve.NONE, Reserve::plus);
        return new Snapshot(
                topics,
                Math.max(0, resources.budget().messages() - reserve.messages()),
                Math.max(0, resources.budget().bytes() - reserve.bytes()),
                resources.budget().maxMessages(),
                resources.budget().maxBytes());
    }

    @Override
    public VelaMXBean management() {
        return management;
    }

    @Override
    public PulsarClient client() {
        return resources.client();
    }

    // ---- stopping

    @Override
    public CompletableFuture<Void> stopAsync(String name, Duration drain) {
        Checks.notNegative("drain", drain);
        NamedChild registration = registry.find(name);
        return registration == null ? CompletableFuture.failedFuture(notFound(name)) : registration.stop(drain);
    }

    @Override
    public CompletableFuture<Void> closeAsync(Duration drain) {
        Checks.notNegative("drain", drain);
        Registry.Closing closing = registry.close();
        CompletableFuture<Void> result = closing.result();
        if (!closing.isFirst()) {
            return result.copy();
        }
        List<NamedChild> newestFirst = closing.newestFirst();
        CompletableFuture<?> stopped = allOf(newestFirst, registration -> registration.drain(drain))
                .whenComplete((drained, failure) -> newestFirst.forEach(NamedChild::closeProducers));
        for (NamedChild registration : newestFirst) {
            stopped =
                    stopped.handle((before, failure) -> registration.takeDown()).thenCompose(down -> down);
        }
        stopped.handle((down, failure) -> allOf(closing.all(), NamedChild::stopped))
                .thenCompose(told -> told)
                .whenComplete((told, failure) -> resources.aside(() -> end(result)));
        return result.copy();
    }

    private static CompletableFuture<Void> allOf(
            List<NamedChild> registrations, Function<NamedChild, CompletableFuture<Void>> what) {
        return CompletableFuture.allOf(registrations.stream().map(what).toArray(CompletableFuture<?>[]::new));
    }

    /** Ends the client and the threads, whatever happened before. On a thread of its own. */
    private void end(CompletableFuture<Void> result) {
        try {
            if (ownsClient) {
                OwnClient.close(resources.client());
            }
        } catch (Throwable failure) {
            log.warn("Closing left something behind", failure);
        }
        try {
            resources.close(management::close);
        } finally {
            result.complete(null);
        }
    }

    @Override
    public void close() throws PulsarClientException {
        Threads.checkMayBlock("close", "closeAsync");
        Threads.join(closeAsync(Handle.DEFAULT_DRAIN), "close");
    }
}
