package dev.vela.internal.root;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.vela.AlreadyStartedException;
import dev.vela.ChildSpec;
import dev.vela.PartitionedProducer;
import dev.vela.ProducerGroup;
import dev.vela.Snapshot;
import dev.vela.SupervisedProducer;
import dev.vela.SupervisedProducerBuilder;
import dev.vela.Vela;
import dev.vela.internal.checks.Checks;
import dev.vela.internal.handle.Handle;
import dev.vela.internal.lane.Reserve;
import dev.vela.internal.pulsar.Schemas;
import dev.vela.internal.runtime.RuntimeResources;
import dev.vela.internal.runtime.Threads;
import dev.vela.internal.runtime.TopicKind;
import dev.vela.internal.runtime.VelaOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Function;
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

    /** How long the client may take to close in good order. A healthy one takes two seconds. */
    private static final Duration CLIENT_GRACE = Duration.ofSeconds(5);

    private final RuntimeResources resources;
    private final boolean ownsClient;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<String, NamedChild> registrations = new LinkedHashMap<>(); // in start order

    @GuardedBy("lock")
    private final Set<NamedChild> ending = new HashSet<>(); // without a name, and not yet stopped

    @GuardedBy("lock")
    private @Nullable CompletableFuture<Void> closed; // never handed out itself

    public DefaultVela(PulsarClient client, boolean ownsClient, VelaOptions options) {
        this.resources = new RuntimeResources(client, options);
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
        return new DefaultProducerBuilder<>(this, schema, TopicKind.EITHER, SupervisedProducer.class);
    }

    @Override
    public <T> SupervisedProducerBuilder<T, ProducerGroup<T>> newProducerGroup(Schema<T> schema) {
        return new DefaultProducerBuilder<>(this, schema, TopicKind.GROUP, ProducerGroup.class);
    }

    @Override
    public <T> SupervisedProducerBuilder<T, PartitionedProducer<T>> newPartitionedProducer(Schema<T> schema) {
        return new DefaultProducerBuilder<>(this, schema, TopicKind.PARTITIONED, PartitionedProducer.class);
    }

    @Override
    public CompletableFuture<Void> startAsync(ChildSpec spec) {
        Objects.requireNonNull(spec, "spec");
        if (spec.starter() instanceof HandleSpec<?> handleSpec) {
            return startHandle(spec, handleSpec.named(spec.id())).thenAccept(handle -> {});
        }
        NamedChild registration;
        try {
            registration = register(spec);
        } catch (PulsarClientException e) {
            return CompletableFuture.failedFuture(e);
        }
        return registration.start();
    }

    /**
     * Starts a handle; the future is complete at once if nothing has to be looked up. It is the caller's: who cancels it, or
     * completes it otherwise, before the handle is there, withdraws the start.
     */
    <T> CompletableFuture<Handle<T>> startHandle(ChildSpec spec, HandleSpec<T> handleSpec) {
        NamedChild registration;
        try {
            registration = register(spec);
        } catch (PulsarClientException e) {
            return CompletableFuture.failedFuture(e);
        }
        CompletableFuture<Handle<T>> started = new CompletableFuture<>();
        started.whenComplete((handle, failure) -> withdraw(registration));
        registration.withdrawn().thenRun(() -> started.completeExceptionally(withdrawn(spec)));
        CompletableFuture<Handle<T>> made = handleSpec.handle(resources, registration);
        BiConsumer<Handle<T>, Throwable> next = (handle, failure) -> {
            if (failure != null) {
                started.completeExceptionally(failure);
            } else if (!begin(registration, handle)) {
                resources.callbacks().execute(handle::closeHooks);
                started.completeExceptionally(withdrawn(spec));
            } else if (!started.complete(handle)) {
                registration.stop(Duration.ZERO); // cancelled in the very moment that it began
            }
        };
        if (made.isDone()) {
            made.whenComplete(next);
        } else {
            made.whenCompleteAsync(next, resources.callbacks());
        }
        return started;
    }

    private static PulsarClientException withdrawn(ChildSpec spec) {
        return new PulsarClientException.AlreadyClosedException(spec.id() + " was stopped before it had started");
    }

    private boolean begin(NamedChild registration, Handle<?> handle) {
        lock.lock();
        try {
            boolean wanted = closed == null && registrations.get(registration.id()) == registration;
            if (wanted) {
                registration.startHandle(handle);
            }
            return wanted;
        } finally {
            lock.unlock();
        }
    }

    /** Frees a name that has no handle yet. */
    private void withdraw(NamedChild registration) {
        lock.lock();
        try {
            if (registration.handle() == null) {
                registrations.remove(registration.id(), registration);
            }
        } finally {
            lock.unlock();
        }
    }

    private NamedChild register(ChildSpec spec) throws PulsarClientException {
        lock.lock();
        try {
            if (closed != null) {
                throw new PulsarClientException.AlreadyClosedException("this Vela is closed");
            }
            NamedChild holder = registrations.get(spec.id());
            if (holder != null) {
                Handle<?> existing = holder.handle();
                throw existing != null
                        ? new AlreadyStartedException(existing)
                        : new PulsarClientException("a child named " + spec.id() + " is being started already");
            }
            NamedChild registration = new NamedChild(resources, spec, this::deregister);
            registrations.put(spec.id(), registration);
            return registration;
        } finally {
            lock.unlock();
        }
    }

    /** Frees the name of one that is down; a close still waits until it is stopped. */
    private void deregister(NamedChild registration) {
        lock.lock();
        try {
            registrations.remove(registration.id(), registration);
            ending.add(registration);
        } finally {
            lock.unlock();
        }
        registration.stopped().whenComplete((done, failure) -> {
            lock.lock();
            try {
                ending.remove(registration);
            } finally {
                lock.unlock();
            }
        });
    }

    // ---- finding

    private List<NamedChild> registrations() {
        lock.lock();
        try {
            return new ArrayList<>(registrations.values());
        } finally {
            lock.unlock();
        }
    }

    private @Nullable NamedChild registration(String name) {
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
        NamedChild registration = registration(name);
        return registration == null ? Optional.empty() : Optional.ofNullable(registration.handle());
    }

    @Override
    @SuppressWarnings("unchecked") // checked by the schema
    public <T> SupervisedProducer<T> get(String name, Schema<T> schema) throws PulsarClientException.NotFoundException {
        Objects.requireNonNull(schema, "schema");
        NamedChild registration = registration(name);
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
        for (NamedChild registration : registrations()) {
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
                Math.max(0, resources.budget().bytes() - reserve.bytes()));
    }

    @Override
    public PulsarClient client() {
        return resources.client();
    }

    // ---- stopping

    @Override
    public CompletableFuture<Void> stopAsync(String name, Duration drain) {
        Checks.notNegative("drain", drain);
        NamedChild registration = registration(name);
        return registration == null ? CompletableFuture.failedFuture(notFound(name)) : registration.stop(drain);
    }

    @Override
    public CompletableFuture<Void> closeAsync(Duration drain) {
        Checks.notNegative("drain", drain);
        CompletableFuture<Void> result;
        List<NamedChild> newestFirst;
        List<NamedChild> all;
        lock.lock();
        try {
            if (closed != null) {
                return closed.copy();
            }
            result = new CompletableFuture<>();
            closed = result;
            newestFirst = new ArrayList<>(registrations.values());
            Collections.reverse(newestFirst);
            all = new ArrayList<>(newestFirst);
            all.addAll(ending);
        } finally {
            lock.unlock();
        }
        CompletableFuture<?> stopped = allOf(newestFirst, registration -> registration.drain(drain))
                .whenComplete((drained, failure) -> newestFirst.forEach(NamedChild::letGo));
        for (NamedChild registration : newestFirst) {
            stopped =
                    stopped.handle((before, failure) -> registration.takeDown()).thenCompose(down -> down);
        }
        stopped.handle((down, failure) -> allOf(all, NamedChild::stopped))
                .thenCompose(told -> told)
                .whenComplete((told, failure) -> resources.aside(() -> end(result)));
        return result.copy();
    }

    private static CompletableFuture<Void> allOf(
            List<NamedChild> registrations, Function<NamedChild, CompletableFuture<Void>> what) {
        return CompletableFuture.allOf(registrations.stream().map(what).toArray(CompletableFuture<?>[]::new));
    }

    /** Whatever came before, the client and the threads end. On a thread of its own. */
    private void end(CompletableFuture<Void> result) {
        try {
            if (ownsClient) {
                closeClient();
            }
        } catch (Throwable failure) {
            log.warn("Closing left something behind", failure);
        } finally {
            resources.close();
            result.complete(null);
        }
    }

    private void closeClient() throws PulsarClientException, ExecutionException, InterruptedException {
        try {
            resources.client().closeAsync().get(CLIENT_GRACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            log.warn("The client does not close within {}, and is shut down", CLIENT_GRACE);
            resources.client().shutdown();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof PulsarClientException.AlreadyClosedException)) {
                throw e;
            }
        }
    }

    @Override
    public void close() throws PulsarClientException {
        Threads.checkMayBlock("close", "closeAsync");
        Handle.join(closeAsync(Handle.DEFAULT_DRAIN), "close");
    }
}
