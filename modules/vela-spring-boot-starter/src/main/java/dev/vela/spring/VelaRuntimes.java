package dev.vela.spring;

import dev.vela.HandleState;
import dev.vela.Snapshot;
import dev.vela.SupervisedProducer;
import dev.vela.SupervisedProducerBuilder;
import dev.vela.Vela;
import dev.vela.VelaBuilder;
import dev.vela.VelaEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.env.Environment;

/**
 * The runtimes of an application context: one for each {@link PulsarClient} bean, by the name of that bean, and those
 * that the application declares as {@link Vela} beans, by their own names.
 *
 * <p>Thread-safe. A runtime is there as soon as its client is.
 */
public final class VelaRuntimes implements DisposableBean {
    private static final Logger log = LoggerFactory.getLogger(VelaRuntimes.class);

    /** What a close may take beyond its drain: closing producers, and callbacks that do not return. */
    private static final Duration CLOSE_GRACE = Duration.ofSeconds(10);

    /** As long as Spring's cache keeps a producer that nobody uses. */
    private static final Duration UNCACHED_LINGER = Duration.ofMinutes(1);

    private final VelaProperties properties;
    private final ObjectProvider<VelaBuilderCustomizer> builderCustomizers;
    private final ObjectProvider<SupervisedProducerCustomizer> producerCustomizers;
    private final ContextEvents events;
    private final Environment environment;
    private final Map<String, Entry> runtimes = Collections.synchronizedMap(new LinkedHashMap<>());
    private volatile boolean running;

    /**
     * A runtime.
     *
     * @param bean its client as the context's beans see it, or null if the application made the runtime
     */
    private record Entry(Vela vela, @Nullable PulsarClient bean) {}

    /** A handle at one moment, and the name of its runtime. */
    record Handle(String runtime, SupervisedProducer<?> producer, Snapshot.Topic snapshot) {}

    VelaRuntimes(
            VelaProperties properties,
            ObjectProvider<VelaBuilderCustomizer> builderCustomizers,
            ObjectProvider<SupervisedProducerCustomizer> producerCustomizers,
            ContextEvents events,
            Environment environment) {
        this.properties = properties;
        this.builderCustomizers = builderCustomizers;
        this.producerCustomizers = producerCustomizers;
        this.events = events;
        this.environment = environment;
    }

    // ---- what the application asks

    /** The runtimes by name, in the order in which they were made. A copy. */
    public Map<String, Vela> all() {
        Map<String, Vela> all = new LinkedHashMap<>();
        copy().forEach((name, runtime) -> all.put(name, runtime.vela()));
        return all;
    }

    /**
     * The runtime of a client.
     *
     * @param client the name of the client's bean
     * @throws IllegalArgumentException if there is none of this name, or if it has not been created yet
     */
    public Vela get(String client) {
        Entry runtime = runtimes.get(client);
        if (runtime == null) {
            throw new IllegalArgumentException("client must be one of " + copy().keySet() + ", was \"" + client + "\"");
        }
        return runtime.vela();
    }

    // ---- how they come to be

    /** Makes the runtime of a client bean, and returns the client that the bean becomes. */
    PulsarClient adopt(String name, PulsarClient client) {
        if (Vela.isSupervised(client)) {
            log.debug("{} is supervised by a runtime of the application", name);
            return client;
        }
        Vela vela = build(name, client);
        PulsarClient bean = properties.supervise() ? vela.supervisedClient() : client;
        Entry previous = runtimes.put(name, new Entry(vela, bean));
        if (previous != null) { // its client was destroyed, and created again
            previous.vela().closeAsync(Duration.ZERO);
        }
        return bean;
    }

    /** Adds a runtime that the application has made. */
    void add(String name, Vela vela) {
        if (copy().values().stream().noneMatch(runtime -> runtime.vela() == vela)) {
            runtimes.put(name, new Entry(vela, null));
        }
    }

    /** The runtime of a client bean; null if the application supervises that client itself. */
    @Nullable
    Vela of(PulsarClient bean) {
        return copy().values().stream()
                .filter(runtime -> runtime.bean() == bean)
                .map(Entry::vela)
                .findFirst()
                .orElse(null);
    }

    private Vela build(String name, PulsarClient client) {
        VelaBuilder builder = Vela.builder()
                .client(client)
                .waitForBroker(properties.waitForBroker())
                .linger(linger())
                .listener(event -> reviveAfter(event, name))
                .listener(events.of(name))
                .customizeSupervised(this::applyProperties)
                .customizeSupervised((topic, producer) -> producerCustomizers
                        .orderedStream()
                        .forEach(customizer -> customizer.customize(topic, producer)));
        if (properties.maxPendingMessages() != null) {
            builder.maxPendingMessages(properties.maxPendingMessages());
        }
        if (properties.maxPendingBytes() != null) {
            builder.maxPendingBytes(properties.maxPendingBytes().toBytes());
        }
        builderCustomizers.orderedStream().forEach(customizer -> customizer.customize(name, builder));
        try {
            return builder.build();
        } catch (PulsarClientException e) {
            throw new IllegalStateException("the runtime of " + name + " cannot be built", e);
        }
    }

    private Duration linger() {
        if (properties.linger() != null) {
            return properties.linger();
        }
        return environment.getProperty("spring.pulsar.producer.cache.enabled", Boolean.class, true)
                ? Duration.ZERO
                : UNCACHED_LINGER;
    }

    /** Gives a producer what the properties say of producers. */
    void applyProperties(String topic, SupervisedProducerBuilder<?, ?> producer) {
        producer.producers(properties.producers())
                .inFlightPolicy(properties.inFlightPolicy())
                .stableNames(properties.stableNames())
                .restartIntensity(
                        properties.restartIntensity().maxRestarts(),
                        properties.restartIntensity().period())
                .adjustBatching(properties.batching()::adjust);
        if (properties.disconnectedLimit() != null) {
            producer.maxDisconnectedTime(properties.disconnectedLimit());
        }
    }

    // ---- their life

    /** All live handles, by runtime, in the order of their start. */
    List<Handle> handles() {
        List<Handle> handles = new ArrayList<>();
        all().forEach((name, vela) ->
                vela.producers().forEach(producer -> handles.add(new Handle(name, producer, producer.snapshot()))));
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
                .forEach(handle -> handle.producer().restart());
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
        if (!running
                || event.type() != VelaEvent.Type.FAILED
                || !(event.cause().orElse(null) instanceof PulsarClientException.AlreadyClosedException)) {
            return;
        }
        Vela vela = get(name);
        if (!vela.client().isClosed()) {
            vela.find(event.name()).ifPresent(SupervisedProducer::restart);
        }
    }

    /** Waits for the answers to all messages that were accepted, no longer than the drain timeout. Handles stay. */
    CompletableFuture<Void> pause() {
        running = false;
        CompletableFuture<?>[] flushes = handles().stream()
                .map(handle -> handle.producer().flushAsync().exceptionally(failure -> null))
                .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(flushes)
                .completeOnTimeout(null, properties.drainTimeout().toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Drains all handles of all runtimes together, then closes them. Idempotent. */
    CompletableFuture<Void> close() {
        running = false;
        return CompletableFuture.allOf(all().values().stream()
                .map(vela -> vela.closeAsync(properties.drainTimeout()))
                .toArray(CompletableFuture<?>[]::new));
    }

    /** Closes what is still open, if the context was never started. */
    @Override
    public void destroy() {
        events.destroy();
        try {
            close().get(properties.drainTimeout().plus(CLOSE_GRACE).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            log.warn("The runtimes do not close", e);
        }
    }

    private Map<String, Entry> copy() {
        synchronized (runtimes) {
            return new LinkedHashMap<>(runtimes);
        }
    }
}
