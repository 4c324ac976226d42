package dev.vela.internal.root;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.vela.Vela;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.pulsar.client.api.BatcherBuilder;
import org.apache.pulsar.client.api.CompressionType;
import org.apache.pulsar.client.api.CryptoKeyReader;
import org.apache.pulsar.client.api.EncryptionKeyInfo;
import org.apache.pulsar.client.api.HashingScheme;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageRouter;
import org.apache.pulsar.client.api.MessageRoutingMode;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.ProducerBuilder;
import org.apache.pulsar.client.api.ProducerCryptoFailureAction;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.TopicMetadata;
import org.apache.pulsar.client.api.interceptor.ProducerInterceptor;
import org.apache.pulsar.client.impl.ProducerBuilderImpl;
import org.apache.pulsar.client.impl.conf.ProducerConfigurationData;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SupervisedBuilderTest {
    private static final CryptoKeyReader KEYS = new CryptoKeyReader() {
        @Override
        public EncryptionKeyInfo getPublicKey(String keyName, Map<String, String> metadata) {
            throw new UnsupportedOperationException();
        }

        @Override
        public EncryptionKeyInfo getPrivateKey(String keyName, Map<String, String> metadata) {
            throw new UnsupportedOperationException();
        }
    };

    @AutoClose
    private static final PulsarClient client = client();

    @AutoClose
    private static final Vela vela = Vela.on(client);

    @Test
    void hasAllThatTheOtherBuilderHasAndLeavesItAlone() {
        MessageRouter router = new MessageRouter() {
            @Override
            public int choosePartition(Message<?> message, TopicMetadata metadata) {
                return 0;
            }
        };
        ProducerInterceptor interceptor = (ProducerInterceptor) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ProducerInterceptor.class},
                (proxy, method, arguments) -> null);
        ProducerBuilder<String> official = client.newProducer(Schema.STRING)
                .topic("orders")
                .messageRouter(router)
                .intercept(interceptor);

        ProducerBuilderImpl<String> supervised =
                (ProducerBuilderImpl<String>) vela.supervisedBuilder(official, builder -> {});
        supervised.topic("others");

        assertThat(supervised.getSchema()).isSameAs(Schema.STRING);
        assertThat(supervised.getConf().getCustomMessageRouter()).isSameAs(router);
        assertThat(supervised.getInterceptorList().get(0) == interceptor).isTrue();
        assertThat(((ProducerBuilderImpl<String>) official).getConf().getTopicName())
                .isEqualTo("orders");
    }

    @ParameterizedTest
    @MethodSource("settings")
    void hasEachSettingOfTheOtherBuilder(String name, UnaryOperator<ProducerBuilder<String>> settings) {
        ProducerBuilder<String> official =
                settings.apply(client.newProducer(Schema.STRING).topic("orders"));
        ProducerConfigurationData defaults =
                ((ProducerBuilderImpl<String>) client.newProducer(Schema.STRING).topic("orders")).getConf();

        ProducerConfigurationData copied =
                ((ProducerBuilderImpl<String>) vela.supervisedBuilder(official, builder -> {})).getConf();

        assertThat(copied)
                .usingRecursiveComparison()
                .isEqualTo(((ProducerBuilderImpl<String>) official).getConf())
                .isNotEqualTo(defaults);
    }

    static Stream<Arguments> settings() {
        return Stream.of(
                setting("name", builder -> builder.producerName("shop")),
                setting(
                        "properties",
                        builder -> builder.property("team", "orders").properties(Map.of("a", "b"))),
                setting("no timeout", builder -> builder.sendTimeout(0, TimeUnit.SECONDS)),
                setting("no batching", builder -> builder.enableBatching(false)),
                setting(
                        "batching",
                        builder -> builder.batchingMaxMessages(7)
                                .batchingMaxBytes(8_192)
                                .batchingMaxPublishDelay(17, TimeUnit.MILLISECONDS)
                                .batcherBuilder(BatcherBuilder.KEY_BASED)),
                setting(
                        "chunking",
                        builder -> builder.enableBatching(false)
                                .enableChunking(true)
                                .chunkMaxMessageSize(1_000)),
                setting(
                        "encryption",
                        builder -> builder.addEncryptionKey("key")
                                .cryptoKeyReader(KEYS)
                                .cryptoFailureAction(ProducerCryptoFailureAction.SEND)),
                setting("compression", builder -> builder.compressionType(CompressionType.ZSTD)),
                setting("access mode", builder -> builder.accessMode(ProducerAccessMode.WaitForExclusive)),
                setting("sequence ids", builder -> builder.initialSequenceId(41)),
                setting("budget", builder -> builder.maxPendingMessages(9).blockIfQueueFull(true)),
                setting(
                        "routing",
                        builder -> builder.messageRoutingMode(MessageRoutingMode.SinglePartition)
                                .hashingScheme(HashingScheme.Murmur3_32Hash)),
                setting(
                        "partitions",
                        builder -> builder.autoUpdatePartitionsInterval(9, TimeUnit.SECONDS)
                                .enableLazyStartPartitionedProducers(true)));
    }

    private static Arguments setting(String name, UnaryOperator<ProducerBuilder<String>> settings) {
        return Arguments.of(name, settings);
    }

    @Test
    void refusesWhatIsNotABuilderOfItsClient() throws PulsarClientException {
        String rule = "builder must be an official builder of the runtime's client";
        try (PulsarClient other = client()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> vela.supervisedBuilder(other.newProducer(), builder -> {}))
                    .withMessageStartingWith(rule);
        }
        ProducerBuilder<byte[]> supervised = vela.supervisedClient().newProducer();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> vela.supervisedBuilder(supervised, builder -> {}))
                .withMessageStartingWith("builder must not be supervised already");
        @SuppressWarnings("unchecked")
        ProducerBuilder<byte[]> unknown = (ProducerBuilder<byte[]>) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ProducerBuilder.class},
                (proxy, method, arguments) -> method.getName().equals("toString") ? "unknown" : null);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> vela.supervisedBuilder(unknown, builder -> {}))
                .withMessage(rule + ", was unknown");
    }

    private static PulsarClient client() {
        try {
            return PulsarClient.builder().serviceUrl("pulsar://127.0.0.1:1").build();
        } catch (PulsarClientException e) {
            throw new IllegalStateException(e);
        }
    }
}
