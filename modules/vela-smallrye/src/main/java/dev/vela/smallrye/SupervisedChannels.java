package dev.vela.smallrye;

import io.smallrye.reactive.messaging.ClientCustomizer;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import org.apache.pulsar.client.api.ProducerBuilder;
import org.apache.pulsar.client.impl.ProducerBuilderImpl;
import org.eclipse.microprofile.config.Config;

/**
 * Makes the producers of all outgoing channels of the connector {@code smallrye-pulsar} supervised. The connector finds
 * this bean by itself; applications do not call it.
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
 *
 * @param <T> always {@code ProducerBuilder<?>}. A class that names this type is no bean of the type that the connector
 *     asks for, since a bean type must not contain a wildcard
 */
@Dependent
public class SupervisedChannels<T extends ProducerBuilder<?>> implements ClientCustomizer<T> {
    private final Runtimes runtimes;

    @Inject
    SupervisedChannels(Runtimes runtimes) {
        this.runtimes = runtimes;
    }

    /**
     * Returns a builder of a supervised producer with the settings of the given builder, or the given one if
     * {@code vela.enabled} is false.
     *
     * @throws IllegalArgumentException if a property of the channel has a value that is not allowed, if a property
     *     under {@code vela.} is unknown, or if the builder
     *     is not that of the official client
     */
    @Override
    @SuppressWarnings("unchecked") // T is ProducerBuilder<?>
    public T customize(String channel, Config config, T builder) {
        ChannelSettings settings = ChannelSettings.of(config);
        if (!settings.enabled()) {
            return builder;
        }
        if (!(builder instanceof ProducerBuilderImpl<?> official)) {
            throw new IllegalArgumentException(
                    "builder of channel " + channel + " must be that of the official client, was " + builder);
        }
        return (T) runtimes.of(official.getClient(), config).supervisedBuilder(official, settings::applyTo);
    }
}
