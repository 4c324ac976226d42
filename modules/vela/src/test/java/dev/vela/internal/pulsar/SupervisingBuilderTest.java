package dev.vela.internal.pulsar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.vela.Batching;
import dev.vela.KeyHash;
import dev.vela.Vela;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.pulsar.client.api.BatcherBuilder;
import org.apache.pulsar.client.api.CompressionType;
import org.apache.pulsar.client.api.HashingScheme;
import org.apache.pulsar.client.api.MessageRoutingMode;
import org.apache.pulsar.client.api.ProducerBuilder;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.SizeUnit;
import org.apache.pulsar.client.impl.BatchMessageContainerBase;
import org.apache.pulsar.client.impl.ProducerBuilderImpl;
import org.apache.pulsar.client.impl.conf.ProducerConfigurationData;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SupervisingBuilderTest {
    private static PulsarClient official;
    private static PulsarClient supervised;

    @BeforeAll
    static void createClients() throws PulsarClientException {
        official = PulsarClient.builder().serviceUrl("pulsar://127.0.0.1:1").build();
        supervised = Vela.supervise(
                PulsarClient.builder().serviceUrl("pulsar://127.0.0.1:1").build());
    }

    @AfterAll
    static void closeClients() throws PulsarClientException {
        official.close();
        supervised.close();
    }

    // ---- bad input

    /** What a user does to a builder. */
    private record Bad(String name, Consumer<ProducerBuilder<?>> settings) {
        @Override
        public String toString() {
            return name;
        }
    }

    @SuppressWarnings("deprecation") // as long as the builder has it
    static Stream<Bad> badInput() {
        return Stream.of(
                new Bad("no topic", builder -> {}),
                new Bad("blank topic", builder -> builder.topic(" ")),
                new Bad("topic", builder -> builder.topic("a/b/c/d/e/f://")),
                new Bad("blank name", builder -> builder.topic("t").producerName(" ")),
                new Bad("chunks and batches", builder -> builder.topic("t").enableChunking(true)),
                new Bad(
                        "mode without router",
                        builder -> builder.topic("t").messageRoutingMode(MessageRoutingMode.CustomPartition)),
                new Bad(
                        "router without mode",
                        builder -> builder.topic("t")
                                .messageRoutingMode(MessageRoutingMode.SinglePartition)
                                .messageRouter(new FirstPartition())),
                new Bad("negative timeout", builder -> builder.topic("t").sendTimeout(-1, TimeUnit.SECONDS)),
                new Bad("negative pending", builder -> builder.topic("t").maxPendingMessages(-1)),
                new Bad(
                        "pending across",
                        builder -> builder.topic("t").maxPendingMessages(10).maxPendingMessagesAcrossPartitions(9)),
                new Bad("delay", builder -> builder.topic("t").batchingMaxPublishDelay(-1, TimeUnit.SECONDS)),
                new Bad("sequence id", builder -> builder.topic("t").loadConf(Map.of("initialSequenceId", "x"))),
                new Bad("encryption key", builder -> builder.topic("t").addEncryptionKey(" ")),
                new Bad("property", builder -> builder.topic("t").property("", "v")),
                new Bad("interval", builder -> builder.topic("t").autoUpdatePartitionsInterval(0, TimeUnit.SECONDS)));
    }

    @ParameterizedTest
    @MethodSource
    void badInput(Bad bad) {
        Throwable expected = catchThrowable(() -> create(official, bad));

        assertThat(expected).isNotNull();
        assertThat(catchThrowable(() -> create(supervised, bad)))
                .hasSameClassAs(expected)
                .hasMessage(expected.getMessage());
    }

    private static void create(PulsarClient client, Bad bad) throws PulsarClientException {
        ProducerBuilder<byte[]> builder = client.newProducer();
        bad.settings().accept(builder);
        builder.create();
    }

    @Test
    void aSchemaForConsumersIsRefused() {
        for (PulsarClient client : List.of(official, supervised)) {
            assertThat(catchThrowable(() ->
                            client.newProducer(Schema.AUTO_CONSUME()).topic("t").create()))
                    .isExactlyInstanceOf(PulsarClientException.InvalidConfigurationException.class)
                    .hasMessageContaining("AutoConsumeSchema is only used by consumers");
        }
    }

    @Test
    void aBatcherOfTheApplicationIsRefused() {
        assertThat(catchThrowable(() -> supervised
                        .newProducer()
                        .topic("t")
                        .batcherBuilder(new OwnBatcher())
                        .create()))
                .isExactlyInstanceOf(PulsarClientException.InvalidConfigurationException.class)
                .hasMessageContaining("batcherBuilder must be BatcherBuilder.DEFAULT or BatcherBuilder.KEY_BASED");
    }

    // ---- settings

    @Test
    void theOfficialDefaultsHold() {
        OfficialSettings settings = settings(builder -> {});

        assertThat(settings.batching()).isEqualTo(Batching.defaults().withFlushInterval(Duration.ofMillis(1)));
        assertThat(settings.keyHash()).isEqualTo(KeyHash.JAVA_STRING);
        assertThat(settings.sendTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.maxPendingMessages()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void theDefaultsOfAClientWithoutMemoryLimitHold() throws Exception {
        try (PulsarClient unlimited = PulsarClient.builder()
                        .serviceUrl("pulsar://127.0.0.1:1")
                        .memoryLimit(0, SizeUnit.BYTES)
                        .build();
                PulsarClient client = Vela.supervise(unlimited)) {
            OfficialSettings settings = OfficialSettings.of(
                    (ProducerBuilderImpl<?>) client.newProducer(Schema.STRING).topic("t"));

            assertThat(settings.maxPendingMessages()).isEqualTo(1000);
            assertThat(settings.maxPendingAcrossPartitions()).isEqualTo(50_000);
        }
    }

    @Test
    void aProducerIsNotReplacedWhileItsMessagesMayStillBeStored() {
        assertThat(settings(builder -> builder.sendTimeout(1, TimeUnit.SECONDS)).maxDisconnectedTime())
                .isEqualTo(Duration.ofSeconds(30));
        assertThat(settings(builder -> builder.sendTimeout(90, TimeUnit.SECONDS))
                        .maxDisconnectedTime())
                .isEqualTo(Duration.ofSeconds(90));
    }

    @Test
    void limitsOfBatchesAreHonoured() {
        assertThat(settings(builder -> builder.batchingMaxMessages(7)
                                .batchingMaxBytes(10_000)
                                .batchingMaxPublishDelay(20, TimeUnit.MILLISECONDS)
                                .batcherBuilder(BatcherBuilder.KEY_BASED))
                        .batching())
                .isEqualTo(Batching.defaults()
                        .withMaxMessages(7)
                        .withMaxBytes(10_000)
                        .withFlushInterval(Duration.ofMillis(20))
                        .withFlush(Batching.Flush.AT_INTERVAL)
                        .withKeyBased());
        assertThat(settings(builder -> builder.batchingMaxMessages(1)).batching())
                .isNull();
        assertThat(settings(builder -> builder.enableBatching(false)).batching())
                .isNull();
        assertThat(settings(builder -> builder.batchingMaxMessages(0)).batching())
                .isEqualTo(Batching.defaults().withMaxMessages(100_000).withFlushInterval(Duration.ofMillis(1)));
    }

    @Test
    void aDelayThatWasChosenIsWaitedForAsFarAsTheTimeoutAllows() {
        assertThat(settings(builder -> builder.batchingMaxPublishDelay(1, TimeUnit.MILLISECONDS))
                        .batching())
                .isEqualTo(Batching.defaults().withFlushInterval(Duration.ofMillis(1)));
        assertThat(waiting(builder -> builder.batchingMaxPublishDelay(60, TimeUnit.SECONDS)))
                .isEqualTo(Duration.ofSeconds(15));
        assertThat(waiting(builder ->
                        builder.batchingMaxPublishDelay(60, TimeUnit.SECONDS).sendTimeout(50, TimeUnit.SECONDS)))
                .isEqualTo(Duration.ofSeconds(25));
        assertThat(waiting(builder ->
                        builder.batchingMaxPublishDelay(1, TimeUnit.HOURS).sendTimeout(0, TimeUnit.SECONDS)))
                .isEqualTo(Duration.ofMinutes(1));
        assertThat(waiting(builder -> builder.batchingMaxPublishDelay(Long.MAX_VALUE, TimeUnit.MICROSECONDS)))
                .isEqualTo(Duration.ofSeconds(15));
        assertThat(waiting(builder -> builder.batchingMaxPublishDelay(10, TimeUnit.MILLISECONDS)
                        .sendTimeout(1, TimeUnit.MILLISECONDS)))
                .isEqualTo(Duration.ofMillis(1));
    }

    /** How long a message waits for others. */
    private static Duration waiting(Consumer<ProducerBuilder<?>> how) {
        Batching batching = settings(how).batching();
        assertThat(batching.flush()).isEqualTo(Batching.Flush.AT_INTERVAL);
        return batching.flushInterval();
    }

    @Test
    void otherSettingsAreTranslated() {
        assertThat(settings(builder -> builder.hashingScheme(HashingScheme.Murmur3_32Hash))
                        .keyHash())
                .isEqualTo(KeyHash.MURMUR3_32);
        assertThat(settings(builder -> builder.sendTimeout(0, TimeUnit.SECONDS)).sendTimeout())
                .isGreaterThan(Duration.ofDays(365));
        assertThat(settings(builder -> builder.maxPendingMessages(5)).maxPendingMessages())
                .isEqualTo(5);
    }

    private static OfficialSettings settings(Consumer<ProducerBuilder<?>> how) {
        ProducerBuilder<byte[]> builder = supervised.newProducer().topic("t");
        how.accept(builder);
        return OfficialSettings.of((ProducerBuilderImpl<?>) builder);
    }

    /** Whatever fields the client's settings have: each gets a value that is not the default, and must arrive. */
    @Test
    void everySettingReachesTheOfficialProducers() throws Exception {
        // Given
        ProducerBuilder<byte[]> builder = supervised
                .newProducer()
                .topic("t")
                .compressionType(CompressionType.ZSTD)
                .addEncryptionKey("key")
                .property("a", "b")
                .initialSequenceId(9)
                .enableMultiSchema(false)
                .compressionMinMsgBodySize(77);

        // When
        ProducerBuilderImpl<byte[]> copy = (ProducerBuilderImpl<byte[]>) builder.clone();
        ProducerBuilderImpl<byte[]> applied = (ProducerBuilderImpl<byte[]>) official.newProducer();
        OfficialSettings.of((ProducerBuilderImpl<?>) builder).applyTo(applied);

        // Then
        ProducerConfigurationData given = ((ProducerBuilderImpl<?>) builder).getConf();
        assertThat(copy).isInstanceOf(SupervisingBuilder.class);
        assertThat(given.getEncryptionKeys()).isNotSameAs(copy.getConf().getEncryptionKeys());
        for (Field field : settings()) {
            field.setAccessible(true);
            assertThat(field.get(copy.getConf())).as(field.getName()).isEqualTo(field.get(given));
            assertThat(field.get(applied.getConf())).as(field.getName()).isEqualTo(field.get(given));
        }
    }

    private static List<Field> settings() {
        return Arrays.stream(ProducerConfigurationData.class.getDeclaredFields())
                .filter(field -> !Modifier.isStatic(field.getModifiers()))
                .toList();
    }

    private static final class FirstPartition implements org.apache.pulsar.client.api.MessageRouter {
        private static final long serialVersionUID = 1;

        @Override
        public int choosePartition(
                org.apache.pulsar.client.api.Message<?> message, org.apache.pulsar.client.api.TopicMetadata metadata) {
            return 0;
        }
    }

    private static final class OwnBatcher implements BatcherBuilder {
        private static final long serialVersionUID = 1;

        @Override
        public BatchMessageContainerBase build() {
            throw new IllegalStateException("not asked for");
        }
    }
}
