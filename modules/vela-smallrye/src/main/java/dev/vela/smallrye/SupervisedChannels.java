package dev.vela.smallrye;

import dev.vela.Vela;
import dev.vela.VelaBuilder;
import io.smallrye.reactive.messaging.ClientCustomizer;
import io.smallrye.reactive.messaging.providers.helpers.ConfigUtils;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Reception;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pulsar.client.api.ProducerBuilder;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.impl.ProducerBuilderImpl;
import org.eclipse.microprofile.config.Config;

/**
 * Makes the producers of all outgoing channels of the connector {@code smallrye-pulsar} supervised. The bean is found
 * by itself; applications do not call it.
 *
 * <p>There is one runtime of Vela for each client of the connector. Beans of type {@code ClientCustomizer<VelaBuilder>}
 * customize it before it is built: metrics, listeners, observers, budgets. They receive the channel that uses the client
 * first, and its configuration. The first runtime is called "vela", the others "vela-2", "vela-3", …, unless a
 * customizer says otherwise.
 *
 * <p>A channel's properties, below {@code mp.messaging.outgoing.CHANNEL.}, or for all channels below
 * {@code mp.messaging.connector.smallrye-pulsar.}:
 *
 * <ul>
 *   <li>{@code vela.enabled}: false for a producer that is not supervised. Default true
 *   <li>{@code vela.in-flight-policy}: {@code report} or {@code replay}; see {@link dev.vela.InFlightPolicy}. Default
 *       {@code report}
 *   <li>{@code vela.producers}: how many producers each partition has; at least 1. Default 1
 * </ul>
 *
 * <p>When the application ends, all runtimes are closed before the connector closes its producers and clients: no
 * further message is accepted, and those that were accepted have 10 s to be answered.
 *
 * <p>Thread-safe.
 */
@ApplicationScoped
public class SupervisedChannels implements ClientCustomizer<ProducerBuilder<?>> {
    /** Before the connector, which closes its channels and clients at 50. */
    static final int CLOSES_BEFORE_CONNECTOR = 40;

    private static final Duration DRAIN = Duration.ofSeconds(10);

    private final Instance<ClientCustomizer<VelaBuilder>> customizers;
    private final Map<PulsarClient, Vela> runtimes = new ConcurrentHashMap<>();

    @Inject
    SupervisedChannels(@Any Instance<ClientCustomizer<VelaBuilder>> customizers) {
        this.customizers = customizers;
    }

    /**
     * Returns a builder of a supervised producer with the settings of the given builder, or the given one if
     * {@code vela.enabled} is false.
     *
     * @throws IllegalArgumentException if a property of the channel has a value that is not allowed, or if the builder
     *     is not that of the official client
     */
    @Override
    public ProducerBuilder<?> customize(String channel, Config config, ProducerBuilder<?> builder) {
        ChannelSettings settings = ChannelSettings.of(config);
        if (!settings.enabled()) {
            return builder;
        }
        if (!(builder instanceof ProducerBuilderImpl<?> official)) {
            throw new IllegalArgumentException(
                    "builder of channel " + channel + " must be that of the official client, was " + builder);
        }
        return runtime(official.getClient(), config).supervisedBuilder(builder, settings::applyTo);
    }

    private Vela runtime(PulsarClient client, Config config) {
        Vela known = runtimes.get(client);
        if (known != null) {
            return known;
        }
        Vela fresh = build(client, config);
        Vela other = runtimes.putIfAbsent(client, fresh);
        if (other == null) {
            return fresh;
        }
        fresh.closeAsync(Duration.ZERO);
        return other;
    }

    private Vela build(PulsarClient client, Config config) {
        int number = runtimes.size() + 1;
        VelaBuilder builder = Vela.builder().client(client).name(number == 1 ? "vela" : "vela-" + number);
        try {
            return ConfigUtils.customize(config, customizers, builder).build();
        } catch (PulsarClientException e) {
            throw new IllegalStateException(e); // with a client, nothing can fail
        }
    }

    void close(
            @Observes(notifyObserver = Reception.IF_EXISTS)
                    @Priority(CLOSES_BEFORE_CONNECTOR)
                    @BeforeDestroyed(ApplicationScoped.class)
                    Object event) {
        CompletableFuture.allOf(runtimes.values().stream()
                        .map(runtime -> runtime.closeAsync(DRAIN))
                        .toArray(CompletableFuture<?>[]::new))
                .join();
        runtimes.clear();
    }
}
