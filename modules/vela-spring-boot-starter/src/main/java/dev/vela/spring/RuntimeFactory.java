package dev.vela.spring;

import dev.vela.SupervisedProducerBuilder;
import dev.vela.Vela;
import dev.vela.VelaBuilder;
import dev.vela.VelaListener;
import java.time.Duration;
import java.util.List;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.impl.PulsarClientImpl;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

/** Builds the runtime of a client as the properties and the customizers of the application say. Thread-safe. */
final class RuntimeFactory {
    private static final Logger log = LoggerFactory.getLogger(RuntimeFactory.class);

    /** As long as Spring's cache keeps a producer that nobody uses. */
    private static final Duration UNCACHED_LINGER = Duration.ofMinutes(1);

    private final VelaProperties properties;
    private final ObjectProvider<VelaBuilderCustomizer> builderCustomizers;
    private final ObjectProvider<SupervisedProducerCustomizer> producerCustomizers;
    private final ObjectProvider<MetricsOfRuntimes> metrics;
    private final Environment environment;

    RuntimeFactory(
            VelaProperties properties,
            ObjectProvider<VelaBuilderCustomizer> builderCustomizers,
            ObjectProvider<SupervisedProducerCustomizer> producerCustomizers,
            ObjectProvider<MetricsOfRuntimes> metrics,
            Environment environment) {
        this.properties = properties;
        this.builderCustomizers = builderCustomizers;
        this.producerCustomizers = producerCustomizers;
        this.metrics = metrics;
        this.environment = environment;
    }

    /**
     * Builds the runtime of a client bean.
     *
     * @param official the official client that does the work; null if it is not known
     */
    Vela build(String name, PulsarClient client, @Nullable PulsarClientImpl official, List<VelaListener> listeners) {
        VelaBuilder builder = Vela.builder()
                .client(client)
                .name(name)
                .waitForBroker(properties.waitForBroker())
                .linger(linger())
                .jmx(properties.jmx())
                .remoteRestart(properties.remoteRestart())
                .customizeSupervised(this::applyProperties)
                .customizeSupervised((topic, producer) -> producerCustomizers
                        .orderedStream()
                        .forEach(customizer -> customizer.customize(topic, producer)));
        listeners.forEach(builder::listener);
        metrics.ifAvailable(each -> builder.metrics(each.ofOneMore()));
        if (properties.maxPendingMessages() != null) {
            builder.maxPendingMessages(properties.maxPendingMessages());
        }
        DataSize bytes = properties.maxPendingBytes();
        if (bytes != null) {
            builder.maxPendingBytes(bytes.toBytes());
            warnIfBounded(name, bytes.toBytes(), official);
        }
        builderCustomizers.orderedStream().forEach(customizer -> customizer.customize(name, builder));
        try {
            return builder.build();
        } catch (PulsarClientException e) {
            throw new IllegalStateException("the runtime of " + name + " cannot be built", e);
        }
    }

    private static void warnIfBounded(String name, long bytes, @Nullable PulsarClientImpl official) {
        long limit = official == null ? 0 : official.getConfiguration().getMemoryLimitBytes();
        if (limit > 0 && limit < bytes) {
            log.warn(
                    "vela.max-pending-bytes is {}, but the memory limit of the client bean {} is {} and bounds it: set"
                            + " the limit to 0 with a PulsarClientBuilderCustomizer",
                    bytes,
                    name,
                    limit);
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
}
