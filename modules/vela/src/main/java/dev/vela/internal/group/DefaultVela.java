package dev.vela.internal.group;

import dev.vela.AlreadyStartedException;
import dev.vela.ChildSpec;
import dev.vela.PartitionedProducer;
import dev.vela.ProducerGroup;
import dev.vela.RestartIntensity;
import dev.vela.Snapshot;
import dev.vela.SupervisedProducer;
import dev.vela.SupervisedProducerBuilder;
import dev.vela.Vela;
import dev.vela.VelaListener;
import dev.vela.internal.lane.Reserve;
import dev.vela.internal.pulsar.Schemas;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.pulsar.client.api.ClientBuilder;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.SizeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The runtime: the registry of names, and what starts and stops the trees under them. */
public final class DefaultVela implements Vela {
    private static final Logger log = LoggerFactory.getLogger(DefaultVela.class);

    private final Engine engine;
    private final boolean ownsClient;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Registration> registrations = new LinkedHashMap<>(); // guarded by lock, in start order
    private @Nullable CompletableFuture<Void> closed; // guarded by lock

    /** What a {@link dev.vela.VelaBuilder} says of a runtime. */
    public record Options(
            long maxPendingMessages, long maxPendingBytes, RestartIntensity restartIntensity, VelaListener listener) {}

    public DefaultVela(PulsarClient client, boolean ownsClient, Options options) {
        this.engine = new Engine(client, options);
        this.ownsClient = ownsClient;
    }

    /**
     * A client as Vela wants its own: no memory limit, since budgets do that; reconnects that never pause for a minute;
     * a dead connection noticed in 20 s; no statistics, which cost a lock for each message.
     *
     * @param serviceUrl null if it is yet to be set
     */
    @SuppressWarnings("deprecation") // statsInterval: still on by default
    public static ClientBuilder clientBuilder(@Nullable String serviceUrl) {
        ClientBuilder builder = PulsarClient.builder();
        if (serviceUrl != null) {
            builder.serviceUrl(serviceUrl);
        }
        return builder.memoryLimit(0, SizeUnit.BYTES)
                .startingBackoffInterval(100, TimeUnit.MILLISECONDS)
                .maxBackoffInterval(3, TimeUnit.SECONDS)
                .connectionTimeout(5, TimeUnit.SECONDS)
                .keepAliveInterval(10, TimeUnit.SECONDS)
                .statsInterval(0, TimeUnit.SECONDS);
    }

    // ---- starting

    @Override
    public <T> SupervisedProducerBuilder<T, SupervisedProducer<T>> newProducer(Schema<T> schema) {
        return new DefaultProducerBuilder<>(this, schema, DefaultProducerBuilder.Kind.EITHER, SupervisedProducer.class);
    }

    @Override
    public <T> SupervisedProducerBuilder<T, ProducerGroup<T>> newProducerGroup(Schema<T> schema) {
        return new DefaultProducerBuilder<>(this, schema, DefaultProducerBuilder.Kind.GROUP, ProducerGroup.class);
    }

    @Override
    public <T> SupervisedProducerBuilder<T, PartitionedProducer<T>> newPartitionedProducer(Schema<T> schema) {
        return new DefaultProducerBuilder<>(
                this, schema, DefaultProducerBuilder.Kind.PARTITIONED, PartitionedProducer.class);
    }

    @Override
    public CompletableFuture<Void> start(ChildSpec spec) {
        Objects.requireNonNull(spec, "spec");
        if (spec.starter() instanceof HandleSpec<?> handleSpec) {
            return startHandle(spec, handleSpec.named(spec.id())).thenAccept(handle -> {});
        }
        Registration registration;
        try {
            registration = register(spec);
        } catch (PulsarClientException e) {
            return CompletableFuture.failedFuture(e);
        }
        return registration.start();
    }

    /** Starts a handle; the future is complete at once if nothing has to be looked up. */
    <T> CompletableFuture<SupervisedHandle<T>> startHandle(ChildSpec spec, HandleSpec<T> handleSpec) {
        Registration registration;
        try {
            registration = register(spec);
        } catch (PulsarClientException e) {
            return CompletableFuture.failedFuture(e);
        }
        return handleSpec
                .handle(engine, registration)
                .whenComplete((handle, failure) -> {
                    if (failure != null) {
                        deregister(registration);
                    }
                })
                .thenApply(handle -> {
                    begin(registration, handle);
                    return handle;
                });
    }

    private void begin(Registration registration, SupervisedHandle<?> handle) {
        lock.lock();
        try {
            if (registrations.get(registration.id()) != registration) {
                throw new CompletionException(new PulsarClientException.AlreadyClosedException(
                        registration.id() + " was stopped before it had started"));
            }
            registration.startHandle(handle);
        } finally {
            lock.unlock();
        }
    }

    private Registration register(ChildSpec spec) throws PulsarClientException {
        lock.lock();
        try {
            if (closed != null) {
                throw new PulsarClientException.AlreadyClosedException("this Vela is closed");
            }
            Registration holder = registrations.get(spec.id());
            if (holder != null) {
                SupervisedHandle<?> existing = holder.handle();
                throw existing != null
                        ? new AlreadyStartedException(existing)
                        : new PulsarClientException("a child named " + spec.id() + " is being started already");
            }
            Registration registration = new Registration(engine, spec, this::deregister);
            registrations.put(spec.id(), registration);
            return registration;
        } finally {
            lock.unlock();
        }
    }

    private void deregister(Registration registration) {
        lock.lock();
        try {
            registrations.remove(registration.id(), registration);
        } finally {
            lock.unlock();
        }
    }

    // ---- finding

    private List<Registration> registrations() {
        lock.lock();
        try {
            return new ArrayList<>(registrations.values());
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Registration registration(String name) {
        Objects.requireNonNull(name, "name");
        lock.lock();
        try {
            return registrations.get(name);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<SupervisedProducer<?>> find(String name) {
        Registration registration = registration(name);
        return registration == null ? Optional.empty() : Optional.ofNullable(registration.handle());
    }

    @Override
    @SuppressWarnings("unchecked") // checked by the schema
    public <T> SupervisedProducer<T> get(String name, Schema<T> schema) throws PulsarClientException.NotFoundException {
        Objects.requireNonNull(schema, "schema");
        Registration registration = registration(name);
        SupervisedHandle<?> handle = registration == null ? null : registration.handle();
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

    private List<SupervisedHandle<?>> handles() {
        List<SupervisedHandle<?>> handles = new ArrayList<>();
        for (Registration registration : registrations()) {
            SupervisedHandle<?> handle = registration.handle();
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
        Reserve reserve = handles().stream().map(SupervisedHandle::reserve).reduce(Reserve.NONE, Reserve::plus);
        return new Snapshot(
                topics,
                Math.max(0, engine.budget().messages() - reserve.messages()),
                Math.max(0, engine.budget().bytes() - reserve.bytes()));
    }

    @Override
    public PulsarClient client() {
        return engine.client();
    }

    // ---- stopping

    @Override
    public CompletableFuture<Void> stop(String name, Duration drain) {
        Checks.notNegative("drain", drain);
        Registration registration = registration(name);
        return registration == null ? CompletableFuture.failedFuture(notFound(name)) : registration.stop(drain);
    }

    @Override
    public CompletableFuture<Void> closeAsync(Duration drain) {
        Checks.notNegative("drain", drain);
        CompletableFuture<Void> result;
        lock.lock();
        try {
            if (closed != null) {
                return closed;
            }
            result = new CompletableFuture<>();
            closed = result;
        } finally {
            lock.unlock();
        }
        List<Registration> newestFirst = registrations();
        Collections.reverse(newestFirst);
        CompletableFuture<Void> drained = CompletableFuture.allOf(newestFirst.stream()
                .map(registration -> registration.drain(drain))
                .toArray(CompletableFuture<?>[]::new));
        CompletableFuture<Void> stopped = drained;
        for (Registration registration : newestFirst) {
            stopped = stopped.thenCompose(before -> registration.takeDown());
        }
        stopped.thenCompose(all -> CompletableFuture.allOf(newestFirst.stream()
                        .map(registration -> registration.stop(Duration.ZERO))
                        .toArray(CompletableFuture<?>[]::new)))
                .thenComposeAsync(all -> closeClient(), engine.workers())
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        log.warn("Closing left something behind", failure);
                    }
                    engine.close();
                    result.complete(null);
                });
        return result;
    }

    private CompletableFuture<Void> closeClient() {
        return ownsClient ? engine.client().closeAsync() : CompletableFuture.completedFuture(null);
    }

    @Override
    public void close() throws PulsarClientException {
        Threads.checkMayBlock("close", "closeAsync");
        SupervisedHandle.join(closeAsync(SupervisedHandle.DEFAULT_DRAIN), "close");
    }
}
