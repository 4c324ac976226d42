package dev.vela.internal.root;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.vela.Vela;
import java.lang.reflect.Proxy;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageRouter;
import org.apache.pulsar.client.api.ProducerBuilder;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.TopicMetadata;
import org.apache.pulsar.client.api.interceptor.ProducerInterceptor;
import org.apache.pulsar.client.impl.ProducerBuilderImpl;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class SupervisedBuilderTest {
    @AutoClose
    private final PulsarClient client = client();

    @AutoClose
    private final Vela vela = Vela.on(client);

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
