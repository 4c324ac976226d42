package dev.vela;

import dev.vela.internal.checks.Checks;
import dev.vela.internal.pulsar.Clients;
import dev.vela.internal.root.DefaultVela;
import dev.vela.internal.root.OwnClient;
import dev.vela.internal.root.SupervisedClient;
import dev.vela.internal.runtime.VelaOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.pulsar.client.api.ClientBuilder;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.jspecify.annotations.Nullable;

/**
 * Describes a {@link Vela} runtime.
 *
 * <p><em>Not</em> thread-safe. Each setter checks its argument at once.
 */
public final class VelaBuilder {
    private @Nullable PulsarClient client;
    private @Nullable String serviceUrl;
    private @Nullable Consumer<? super ClientBuilder> clientCustomizer;
    private int maxPendingMessages = 1_000_000;
    private long maxPendingBytes = defaultPendingBytes();
    private RestartIntensity restartIntensity = RestartIntensity.of(3, Duration.ofMinutes(5));
    private boolean waitForBroker = true;
    private Duration linger = Duration.ZERO;
    private final List<BiConsumer<? super String, ? super SupervisedProducerBuilder<?, ?>>> supervisedCustomizers =
            new ArrayList<>();
    private final List<VelaListener> listeners = new ArrayList<>();
    private final List<VelaMetrics> metrics = new ArrayList<>();
    private final List<SendObserver<?>> observers = new ArrayList<>();
    private String name = "vela";
    private boolean jmx = true;
    private boolean remoteRestart = true;

    VelaBuilder() {}

    /**
     * Uses this client, which the caller keeps owning: closing the runtime does not close the client, and its settings
     * stay as they are. The settings that {@link #customizeClient} lists suit Vela better than the client's defaults:
     * with a keep-alive of 30 s a frozen broker keeps its partitions for up to a minute, and the client's memory limit
     * (64 MiB) bounds {@link #maxPendingBytes}.
     */
    public VelaBuilder client(PulsarClient client) {
        Objects.requireNonNull(client, "client");
        Checks.check(!SupervisedClient.isSupervised(client), "client", "not be supervised by another runtime", client);
        this.client = client;
        return this;
    }

    /** Connects to this address with a client that the runtime owns and closes. */
    public VelaBuilder serviceUrl(String serviceUrl) {
        this.serviceUrl = Checks.notBlank("serviceUrl", serviceUrl);
        return this;
    }

    /**
     * Receives the builder of the runtime's own client, for authentication, TLS, listeners and any other option.
     * Without {@link #serviceUrl} the customizer must name the cluster itself, for instance by
     * {@code serviceUrlProvider}, as with {@code AutoClusterFailover}. These settings are preset: no memory limit,
     * since the budgets here replace it; 100 ms to 3 s between reconnects; 5 s to connect; a keep-alive of 10 s, so
     * that a silent connection is given up within 20 s; no statistics.
     */
    public VelaBuilder customizeClient(Consumer<? super ClientBuilder> customizer) {
        this.clientCustomizer = Objects.requireNonNull(customizer, "customizer");
        return this;
    }

    /**
     * How many messages may be pending over all producers of the runtime. Default 1,000,000. A partition takes a
     * message without a key only while the free part of this budget, and of {@link #maxPendingBytes}, is at least the
     * amount pending there, so that stuck partitions do not use up the whole budget.
     */
    public VelaBuilder maxPendingMessages(int messages) {
        this.maxPendingMessages = (int) Checks.atLeast("maxPendingMessages", 1, messages);
        return this;
    }

    /**
     * How many bytes may be pending over all producers of the runtime. Default: a quarter of the maximum heap, at least
     * 16 MiB. A lower memory limit of the client replaces this value. Then a producer takes a message only while the
     * free part of that limit is at least the amount pending there, so that a stuck producer does not use up the whole
     * limit.
     */
    public VelaBuilder maxPendingBytes(long bytes) {
        this.maxPendingBytes = Checks.atLeast("maxPendingBytes", 1, bytes);
        return this;
    }

    /** How often a started producer is restarted as a whole before it fails for good. Default 3 in 5 min. */
    public VelaBuilder restartIntensity(int maxRestarts, Duration period) {
        return restartIntensity(RestartIntensity.of(maxRestarts, period));
    }

    /** The same. */
    public VelaBuilder restartIntensity(RestartIntensity restartIntensity) {
        this.restartIntensity = Objects.requireNonNull(restartIntensity, "restartIntensity");
        return this;
    }

    /**
     * Whether the builders of the {@linkplain Vela#supervisedClient() supervised client} wait for a broker, as official
     * ones do: they fail if none can be reached within the client's timeouts. Default true. If false, a builder takes a
     * broker that has not answered within 5 s, twice at most, for unreachable, and returns a producer whose messages
     * wait for one, so that an application may start before its cluster. Whatever a broker refuses fails in either
     * case. A producer with a message router, or that waits for exclusive access, needs the broker's answer in either
     * case, too.
     */
    public VelaBuilder waitForBroker(boolean enabled) {
        this.waitForBroker = enabled;
        return this;
    }

    /**
     * How long a producer of the {@linkplain Vela#supervisedClient() supervised client} stays after it was closed, to
     * be handed out again to a builder with the same settings and schema. For code that creates and closes a producer
     * for each message: all its messages then go through one producer, which several users may have at a time. Default
     * zero: a producer is stopped when it is closed, and none is shared.
     *
     * <p>Closing such a producer returns at once, and its messages are answered all the same. Its {@code flush} waits for
     * the messages of all users. Schemas of the client with the same definition count as the same. Not shared, and
     * stopped when they are closed, are producers that have an official name, an exclusive access mode, or an initial
     * sequence id; messages must not have chosen sequence ids, since those of several users would meet. At most 100
     * producers stay without a user.
     */
    public VelaBuilder linger(Duration time) {
        this.linger = Checks.notNegative("linger", time);
        return this;
    }

    /**
     * Adds a customizer of the producers that builders of the {@linkplain Vela#supervisedClient() supervised client}
     * create, for what an official builder cannot say: the number of producers, the in-flight policy, a budget of
     * bytes. Default: none. Customizers are called in the order in which they were added, on the thread that creates
     * the producer, perhaps more than once for a producer; if one throws, the creation fails with its exception.
     *
     * <p>A customizer receives the topic, as the official builder has it, and Vela's builder, which has the settings of
     * the official one. It may change all of them except the topic, the name, the access mode, the message router
     * and, if the official builder has a router, the routing mode: changing one of these fails the creation. What it passes to {@link SupervisedProducerBuilder#customize} is called
     * after the official settings have been applied. {@link SupervisedProducerBuilder#producers} has no effect on a
     * producer with an exclusive access mode. With {@link SupervisedProducerBuilder#stableNames} the name at the broker
     * is the name in this runtime, unless the official builder has a producer name: the topic, or, if other producers of
     * the topic are there at that moment, the topic followed by {@code ~1}, {@code ~2}, ….
     */
    public VelaBuilder customizeSupervised(
            BiConsumer<? super String, ? super SupervisedProducerBuilder<?, ?>> customizer) {
        supervisedCustomizers.add(Objects.requireNonNull(customizer, "customizer"));
        return this;
    }

    /** The name of the runtime, by which metrics and tools tell several of them apart. Default "vela". */
    public VelaBuilder name(String name) {
        this.name = Checks.notBlank("name", name);
        return this;
    }

    /**
     * Whether the runtime is registered with the platform's MBean server, for tools: see {@link VelaMXBean}. Default
     * true. A runtime that cannot be registered works all the same.
     */
    public VelaBuilder jmx(boolean enabled) {
        this.jmx = enabled;
        return this;
    }

    /**
     * Whether tools may restart producers that are down: see {@link VelaMXBean#restart}. Default true. False also holds
     * for {@code vela.management().restart(…)} in the application's own code, which is the same object; {@link
     * SupervisedProducer#restart} always works.
     */
    public VelaBuilder remoteRestart(boolean allowed) {
        this.remoteRestart = allowed;
        return this;
    }

    /**
     * Adds metrics that are told of entries and events. Default: none, which costs nothing. An object serves one runtime.
     */
    public VelaBuilder metrics(VelaMetrics metrics) {
        this.metrics.add(Objects.requireNonNull(metrics, "metrics"));
        return this;
    }

    /** Adds an observer that follows each message, for traces. Default: none, which costs nothing. */
    public VelaBuilder observer(SendObserver<?> observer) {
        this.observers.add(Objects.requireNonNull(observer, "observer"));
        return this;
    }

    /**
     * Adds a listener of events. Default: none. Every listener is notified of every event, in the order in which the
     * listeners were added.
     */
    public VelaBuilder listener(VelaListener listener) {
        listeners.add(Objects.requireNonNull(listener, "listener"));
        return this;
    }

    /**
     * Builds the runtime. Does not connect.
     *
     * @throws IllegalStateException if client and serviceUrl are both given or both missing, or if a customizer is
     *     given with a client; serviceUrl may be omitted with a customizer
     * @throws IllegalArgumentException if the client's builder refuses a setting of the customizer
     * @throws RuntimeException as thrown by {@link VelaMetrics#bind}; the runtime is closed then
     * @throws PulsarClientException if the client cannot be built, with the client's own reason;
     *     {@link PulsarClientException.InvalidServiceURL} for an invalid address
     */
    public Vela build() throws PulsarClientException {
        Consumer<? super ClientBuilder> customizer = clientCustomizer;
        boolean neither = client == null && serviceUrl == null && customizer == null;
        if (neither || (client != null && serviceUrl != null)) {
            throw new IllegalStateException(
                    "exactly one of client and serviceUrl must be given, was " + (neither ? "neither" : "both"));
        }
        if (client != null) {
            if (customizer != null) {
                throw new IllegalStateException(
                        "customizeClient needs serviceUrl, was given with client, which is built already");
            }
            return new DefaultVela(client, false, options()).publish();
        }
        VelaOptions options = options();
        PulsarClient own = ownClient(customizer == null ? builder -> {} : customizer);
        DefaultVela vela;
        try {
            vela = new DefaultVela(own, true, options);
        } catch (Throwable failure) {
            closeAfter(failure, own);
            throw failure;
        }
        return vela.publish();
    }

    private PulsarClient ownClient(Consumer<? super ClientBuilder> customizer) throws PulsarClientException {
        String address = serviceUrl;
        if (address != null) {
            Clients.checkServiceUrl("serviceUrl", address);
        }
        ClientBuilder builder = OwnClient.builder(address);
        customizer.accept(builder);
        return builder.build();
    }

    private static void closeAfter(Throwable failure, PulsarClient own) {
        try {
            own.close();
        } catch (PulsarClientException e) {
            failure.addSuppressed(e);
        }
    }

    private VelaOptions options() {
        return new VelaOptions(
                name,
                jmx,
                remoteRestart,
                maxPendingMessages,
                maxPendingBytes,
                restartIntensity,
                waitForBroker,
                linger,
                List.copyOf(supervisedCustomizers),
                List.copyOf(listeners),
                List.copyOf(metrics),
                List.copyOf(observers));
    }

    private static long defaultPendingBytes() {
        return Math.max(16L << 20, Runtime.getRuntime().maxMemory() / 4);
    }
}
