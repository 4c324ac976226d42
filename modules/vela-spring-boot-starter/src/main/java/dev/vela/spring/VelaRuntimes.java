package dev.vela.spring;

import dev.vela.HandleState;
import dev.vela.Snapshot;
import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import dev.vela.VelaEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.ProducerBuilder;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.impl.ProducerBuilderImpl;
import org.apache.pulsar.client.impl.PulsarClientImpl;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.Lifecycle;

/**
 * The runtimes of an application context: one for each {@link PulsarClient} bean, by the name of that bean, and those
 * that the application declares as {@link Vela} beans, by their own names.
 *
 * <p>Thread-safe. A runtime is there as soon as its client is, and until its client is destroyed.
 */
public final class VelaRuntimes {
    private static final Logger log = LoggerFactory.getLogger(VelaRuntimes.class);

    /** What a close may take beyond its drain: closing producers, and callbacks that do not return. */
    private static final Duration CLOSE_GRACE = Duration.ofSeconds(10);

    private static final String UNSEEN = "it was created before the starter could see it, or registered as an object";

    private final VelaProperties properties;
    private final RuntimeFactory factory;
    private final ContextEvents events;
    private final Map<String, Entry> runtimes = Collections.synchronizedMap(new LinkedHashMap<>());

    /** Clients that publish through the producers of another one: the name of the runtime of that. */
    private final Map<String, String> decorators = new ConcurrentHashMap<>();

    /** Clients without a runtime, and why they have none. */
    private final Map<String, String> left = new ConcurrentHashMap<>();

    private volatile boolean running;

    /**
     * A runtime.
     *
     * @param feed passes its events on; null if the application made the runtime, and closes it
     * @param endsInPhase whether its client is closed in a phase of the context's end, before beans are destroyed
     */
    private record Entry(Vela vela, ContextEvents.@Nullable Feed feed, boolean endsInPhase) {}

    /**
     * A handle at one moment.
     *
     * @param runtime the name of its runtime
     * @param isOwn whether the application made its runtime
     */
    record Handle(String runtime, boolean isOwn, SupervisedProducer<?> producer, Snapshot.Topic snapshot) {

        /** Restarts it, unless it was stopped since; returns whether it was not. */
        boolean restart() {
            try {
                producer.restart();
                return true;
            } catch (IllegalStateException e) {
                log.debug("{} was stopped before it could be restarted", snapshot.name(), e);
                return false;
            }
        }
    }

    VelaRuntimes(VelaProperties properties, RuntimeFactory factory, ContextEvents events) {
        this.properties = properties;
        this.factory = factory;
        this.events = events;
    }

    // ---- what the application asks

    /** The runtimes by name, in the order in which they were made. A copy. */
    public Map<String, Vela> all() {
        Map<String, Vela> all = new LinkedHashMap<>();
        copy().forEach((name, runtime) -> all.put(name, runtime.vela()));
        return all;
    }

    /**
     * The runtime of a client, which may be that of the client that it decorates.
     *
     * @param client the name of the client's bean
     * @throws IllegalArgumentException if there is none of this name, or if it has not been created yet
     */
    public Vela get(String client) {
        Vela runtime = find(client);
        if (runtime == null) {
            throw new IllegalArgumentException("client must be one of " + copy().keySet() + ", was \"" + client + "\"");
        }
        return runtime;
    }

    // ---- how they come, and go

    /**
     * Makes the runtime of a client bean, and returns the client that the bean becomes.
     *
     * @param replaceable whether the bean may become another object
     */
    PulsarClient adopt(String name, PulsarClient client, boolean replaceable) {
        ProducerBuilder<?> builder;
        try {
            builder = client.newProducer();
        } catch (Throwable e) {
            leave(name, "its newProducer() throws " + e);
            return client;
        }
        if (!(builder instanceof ProducerBuilderImpl<?> known)) {
            String type = builder == null ? "null" : builder.getClass().getName();
            leave(name, "its newProducer() returns " + type + ", not the official client's builder");
            return client;
        }
        if (isSupervising(known)) {
            adoptSupervised(name, known);
            return client;
        }
        ContextEvents.Feed feed = events.of(name);
        Vela vela = factory.build(name, client, known.getClient(), List.of(event -> reviveAfter(event, name), feed));
        runtimes.put(name, new Entry(vela, feed, client instanceof Lifecycle));
        if (properties.supervise() && !replaceable) {
            log.warn(
                    "The producers of the client bean {} are not supervised, since it is declared as a class: declare"
                            + " it as PulsarClient",
                    name);
        }
        return properties.supervise() && replaceable ? vela.supervisedClient() : client;
    }

    /** By its name, since it is no part of the library's interface. */
    private static boolean isSupervising(ProducerBuilder<?> builder) {
        return builder.getClass().getName().equals("dev.vela.internal.pulsar.SupervisingBuilder");
    }

    /** A client that decorates or chooses among supervised ones, or that the application supervises itself. */
    private void adoptSupervised(String name, ProducerBuilderImpl<?> builder) {
        PulsarClientImpl official = builder.getClient();
        copy().forEach((runtime, entry) -> {
            if (official != null
                    && entry.vela().client().newProducer() instanceof ProducerBuilderImpl<?> of
                    && of.getClient() == official) {
                decorators.put(name, runtime);
            }
        });
        if (!decorators.containsKey(name)) {
            leave(
                    name,
                    "it is supervised by a runtime that is no bean, so its producers are neither shown nor drained");
        }
    }

    private void leave(String name, String reason) {
        left.put(name, reason);
        log.warn("The starter has no runtime for the client bean {}: {}", name, reason);
    }

    /** Adds a runtime that the application has made; returns false if it is there already. */
    boolean add(String name, Vela vela) {
        if (all().containsValue(vela)) {
            return false;
        }
        runtimes.put(name, new Entry(vela, null, false));
        return true;
    }

    /** Tells of a client bean that passed the starter by. */
    void check(String client) {
        if (find(client) == null && !left.containsKey(client)) {
            leave(client, UNSEEN);
        }
    }

    /** The runtime of a client bean that exists. */
    Vela of(String client) {
        Vela runtime = find(client);
        if (runtime == null) {
            throw new IllegalStateException(
                    "there is no runtime for the client bean " + client + ": " + left.getOrDefault(client, UNSEEN));
        }
        return runtime;
    }

    private @Nullable Vela find(String client) {
        Entry entry = runtimes.get(decorators.getOrDefault(client, client));
        return entry == null ? null : entry.vela();
    }

    /** Forgets the runtime of a bean that is about to be destroyed, and closes it if the starter made it. */
    void release(String name) {
        left.remove(name);
        decorators.remove(name);
        Entry entry = runtimes.remove(name);
        if (entry == null || entry.feed() == null) {
            return;
        }
        entry.feed().release();
        try {
            entry.vela()
                    .closeAsync(properties.drainTimeout())
                    .get(properties.drainTimeout().plus(CLOSE_GRACE).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            log.warn("The runtime of {} does not close", name, e);
        }
    }

    // ---- their life

    /** All live handles, by runtime, in the order of their start. */
    List<Handle> handles() {
        List<Handle> handles = new ArrayList<>();
        copy().forEach((name, entry) -> entry.vela()
                .producers()
                .forEach(producer ->
                        handles.add(new Handle(name, entry.feed() == null, producer, producer.snapshot()))));
        return handles;
    }

    /**
     * Begins, or goes on after a pause. A paused context has closed its clients, and a handle gives up when its client
     * is closed.
     */
    void start() {
        running = true;
        handles().stream()
                .filter(handle -> handle.snapshot().state() == HandleState.FAILED)
                .forEach(Handle::restart);
    }

    /** Waits until all handles are ready, as long as the properties say. */
    void awaitReady() {
        long end = System.nanoTime() + properties.awaitReady().toNanos();
        for (Handle handle : handles()) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return;
            }
            try {
                handle.producer().awaitReady(Duration.ofNanos(left));
            } catch (PulsarClientException e) {
                log.warn("{} is not ready after {}", handle.snapshot().name(), properties.awaitReady(), e);
            }
        }
    }

    /** A handle may notice that its client was closed when the client is open again already. */
    private void reviveAfter(VelaEvent event, String name) {
        Entry entry = runtimes.get(name);
        if (!running
                || entry == null
                || event.type() != VelaEvent.Type.FAILED
                || !(event.cause().orElse(null) instanceof PulsarClientException.AlreadyClosedException)
                || entry.vela().client().isClosed()) {
            return;
        }
        entry.vela()
                .find(event.name())
                .map(producer -> new Handle(name, false, producer, producer.snapshot()))
                .ifPresent(Handle::restart);
    }

    /**
     * Waits for the answers to all messages that were accepted, over all runtimes together, no longer than the drain
     * timeout. Runtimes stay, for they may go on; but if the context is closing, those whose client is closed next are
     * closed.
     */
    CompletableFuture<Void> stop(boolean closing) {
        running = false;
        return CompletableFuture.allOf(copy().values().stream()
                .map(entry -> closing && entry.feed() != null && entry.endsInPhase()
                        ? entry.vela().closeAsync(properties.drainTimeout())
                        : flush(entry.vela()))
                .toArray(CompletableFuture<?>[]::new));
    }

    private CompletableFuture<Void> flush(Vela vela) {
        CompletableFuture<?>[] flushes = vela.producers().stream()
                .map(producer -> producer.flushAsync().exceptionally(failure -> null))
                .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(flushes)
                .completeOnTimeout(null, properties.drainTimeout().toMillis(), TimeUnit.MILLISECONDS);
    }

    private Map<String, Entry> copy() {
        synchronized (runtimes) {
            return new LinkedHashMap<>(runtimes);
        }
    }
}
