package dev.vela.internal.root;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.vela.Batching;
import dev.vela.InFlightPolicy;
import dev.vela.RestartIntensity;
import dev.vela.SupervisedProducerBuilder;
import dev.vela.Vela;
import dev.vela.internal.live.EventLog;
import dev.vela.internal.pulsar.OfficialSettings;
import dev.vela.internal.runtime.OfficialTerms;
import dev.vela.internal.runtime.ProducerSettings;
import dev.vela.internal.runtime.RuntimeResources;
import dev.vela.internal.runtime.VelaOptions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.apache.pulsar.client.api.MessageRouter;
import org.apache.pulsar.client.api.MessageRoutingMode;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.ProducerBuilder;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.impl.ProducerBuilderImpl;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What becomes of a handle's settings between an official builder and the customizers of a runtime. */
class OfficialStartsTest {
    private static PulsarClient client;

    private interface Customizer extends BiConsumer<String, SupervisedProducerBuilder<?, ?>> {}

    @BeforeAll
    static void connectToNothing() throws PulsarClientException {
        client = PulsarClient.builder().serviceUrl("pulsar://127.0.0.1:1").build();
    }

    @AfterAll
    static void close() throws PulsarClientException {
        client.shutdown();
    }

    @Test
    void customizersChangeWhatTheOfficialBuilderSaidInTheirOrder() {
        ProducerSettings<byte[]> settings = settings(
                client.newProducer().topic("orders").sendTimeout(3, TimeUnit.SECONDS),
                (topic, builder) -> builder.producers(2).inFlightPolicy(InFlightPolicy.REPLAY),
                (topic, builder) -> builder.producers(topic.length()));

        assertThat(settings.producers()).isEqualTo(6);
        assertThat(settings.inFlightPolicy()).isEqualTo(InFlightPolicy.REPLAY);
        assertThat(settings.sendTimeout()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void eachCustomizerReceivesTheOfficialBuilderAfterItsSettings() {
        ProducerSettings<byte[]> settings = settings(
                client.newProducer().topic("orders").property("one", "1"),
                (topic, builder) -> builder.customize(official -> official.property("two", "2")),
                (topic, builder) -> builder.customize(official -> official.property("three", "3")));
        ProducerBuilder<byte[]> official = client.newProducer();
        settings.customizer().accept(official);

        assertThat(((ProducerBuilderImpl<byte[]>) official).getConf().getProperties())
                .containsOnly(entry("one", "1"), entry("two", "2"), entry("three", "3"));
    }

    @Test
    void whatTheOfficialBuilderSaysAloneIsNotForCustomizers() {
        List<Customizer> foreign = List.of(
                (topic, builder) -> builder.topic("other"),
                (topic, builder) -> builder.name("other"),
                (topic, builder) -> builder.accessMode(ProducerAccessMode.Exclusive),
                (topic, builder) -> builder.messageRouter(new MessageRouter() {}));

        for (Customizer customizer : foreign) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> settings(client.newProducer().topic("orders"), customizer))
                    .withMessageContaining("a customizer of supervised producers must leave");
        }
    }

    @Test
    void customizersChangeRoutingGrowthAndChunks() {
        HandleSpec<?> spec = spec(
                client.newProducer().topic("orders").messageRoutingMode(MessageRoutingMode.RoundRobinPartition),
                (topic, builder) -> builder.messageRoutingMode(MessageRoutingMode.SinglePartition)
                        .autoUpdatePartitions(false));
        HandleSpec<?> untouched = spec(client.newProducer()
                .topic("orders")
                .autoUpdatePartitionsInterval(7, TimeUnit.SECONDS)
                .messageRoutingMode(MessageRoutingMode.RoundRobinPartition));
        HandleSpec<?> chunks = spec(
                client.newProducer().topic("orders").enableBatching(false).enableChunking(true),
                (topic, builder) -> builder.chunkMaxMessageSize(1000));

        assertThat(spec.settings().keepsPartition()).isTrue();
        assertThat(spec.growthInterval()).isNull();
        assertThat(untouched.settings().keepsPartition()).isFalse();
        assertThat(untouched.growthInterval()).isEqualTo(Duration.ofSeconds(7));
        assertThat(chunks.settings().chunkMaxMessageSize()).isEqualTo(1000);
    }

    @Test
    void batchingIsAdjustedOnlyWhereTheOfficialBuilderBatches() {
        Customizer adjust = (topic, builder) -> builder.adjustBatching(batching -> batching.withMaxMessages(7));

        Batching batching =
                settings(client.newProducer().topic("orders"), adjust).batching();
        assertThat(batching).isNotNull();
        assertThat(batching.maxMessages()).isEqualTo(7);
        assertThat(settings(client.newProducer().topic("orders").enableBatching(false), adjust)
                        .batching())
                .isNull();
    }

    @Test
    void stableNamesAreTheNamesOfTheRuntime() {
        Customizer stable = (topic, builder) -> builder.stableNames(true);

        assertThat(terms(client.newProducer().topic("orders"), stable).producerName())
                .isEqualTo("name");
        assertThat(terms(client.newProducer().topic("orders").producerName("mine"), stable)
                        .producerName())
                .isEqualTo("mine");
        assertThat(terms(client.newProducer().topic("orders")).producerName()).matches("name-[0-9a-f]{8}");
    }

    @Test
    void anExclusiveProducerIsOneAndOthersHaveNamesOfTheirOwn() {
        Customizer two = (topic, builder) -> builder.producers(2);

        assertThat(settings(client.newProducer().topic("orders").accessMode(ProducerAccessMode.WaitForExclusive), two)
                        .producers())
                .isEqualTo(1);
        OfficialTerms terms = terms(client.newProducer().topic("orders").producerName("mine"), two);
        assertThat(List.of(terms.producerName(0), terms.producerName(1))).containsExactly("mine", "mine-1");
    }

    @Test
    void aCustomizerThatThrowsFailsTheCreation() throws PulsarClientException {
        try (Vela vela = Vela.builder()
                .client(client)
                .customizeSupervised((topic, builder) -> {
                    throw new UnsupportedOperationException("no");
                })
                .build()) {
            assertThatThrownBy(() -> vela.supervisedClient()
                            .newProducer()
                            .topic("orders")
                            .createAsync()
                            .join())
                    .isInstanceOf(CompletionException.class)
                    .hasRootCauseInstanceOf(UnsupportedOperationException.class);
            assertThat(vela.find("orders")).isEmpty();
        }
    }

    private OfficialTerms terms(ProducerBuilder<byte[]> official, Customizer... customizers) {
        return Objects.requireNonNull(settings(official, customizers).official());
    }

    @SuppressWarnings("unchecked") // the schema is one of bytes
    private ProducerSettings<byte[]> settings(ProducerBuilder<byte[]> official, Customizer... customizers) {
        return (ProducerSettings<byte[]>) spec(official, customizers).settings();
    }

    private HandleSpec<?> spec(ProducerBuilder<byte[]> official, Customizer... customizers) {
        VelaOptions options = new VelaOptions(
                "test",
                true,
                true,
                1000,
                1 << 20,
                RestartIntensity.of(1, Duration.ofSeconds(1)),
                true,
                Duration.ZERO,
                List.of(customizers),
                List.of(),
                List.of(),
                List.of());
        RuntimeResources resources = new RuntimeResources(client, options, new EventLog("test"));
        try {
            Registry registry = new Registry();
            HandleSpec<?> spec = (HandleSpec<?>)
                    new OfficialStarts(resources, registry, new HandleStarts(resources, registry), options)
                            .builder("name", OfficialSettings.of((ProducerBuilderImpl<?>) official), Schema.BYTES)
                            .childSpec()
                            .starter();
            assertThat(spec.name()).isEqualTo("name");
            return spec;
        } finally {
            resources.close(() -> {});
        }
    }
}
