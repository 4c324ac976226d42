package dev.vela.spring;

import dev.vela.SupervisedProducerBuilder;

/**
 * A bean that changes the supervised producers that a {@code PulsarTemplate}, a producer factory or a client creates,
 * for what neither {@link VelaProperties} nor the official builder can say. Beans of this type are called in their
 * order, after the properties, on the thread that creates a producer; {@link dev.vela.VelaBuilder#customizeSupervised}
 * says what they may change. They must be thread-safe. If one throws, the producer is not created, and its creation
 * throws the same.
 *
 * <p>They are created when the first producer is. One that needs a template or a client must ask for it lazily.
 *
 * <p>Producers that the application starts by {@link dev.vela.Vela#newProducer} are not customized.
 */
@FunctionalInterface
public interface SupervisedProducerCustomizer {
    /**
     * Changes a producer.
     *
     * @param topic the topic, as the producer's builder has it; {@code PulsarTemplate} uses full names, such as
     *     {@code persistent://public/default/orders}
     * @param builder the producer's builder
     */
    void customize(String topic, SupervisedProducerBuilder<?, ?> builder);
}
