package dev.vela.frameworks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import dev.vela.local.LocalPulsar;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.SubscriptionInitialPosition;
import org.apache.pulsar.reactive.client.adapter.AdaptedReactivePulsarClientFactory;
import org.apache.pulsar.reactive.client.api.MessageSpec;
import org.apache.pulsar.reactive.client.api.ReactiveMessageSender;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Frameworks that create their producers from a client publish through supervised ones, with no other change. */
class FrameworksIT {
    private static final Duration LONG = Duration.ofMinutes(2);

    private static LocalPulsar pulsar;
    private static Vela vela;
    private static PulsarClient client;

    @BeforeAll
    static void start() throws PulsarClientException {
        pulsar = LocalPulsar.builder().readyWithin(Duration.ofMinutes(5)).start();
        vela = Vela.connect(pulsar.serviceUrl());
        client = vela.supervisedClient();
    }

    @AfterAll
    static void stop() throws PulsarClientException {
        client.close();
        pulsar.close();
    }

    @Test
    void camelTakesTheClientFromItsRegistry() throws Exception {
        // Given
        String topic = "persistent://public/default/camel";
        try (CamelContext camel = new DefaultCamelContext()) {
            camel.getRegistry().bind("pulsarClient", PulsarClient.class, client);
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:orders").to("pulsar:" + topic);
                }
            });
            camel.start();

            // When
            for (int i = 0; i < 10; i++) {
                camel.createProducerTemplate().requestBody("direct:orders", "order " + i);
            }

            // Then
            assertThat(vela.find(topic)).isPresent();
            assertThat(read(topic, 10))
                    .startsWith("order 0")
                    .endsWith("order 9")
                    .hasSize(10);
        }
        assertThat(vela.find(topic)).isEmpty();
    }

    @Test
    void theReactiveClientKeepsItsProducerOverTheDeathOfTheBroker() throws Exception {
        // Given
        String topic = "persistent://public/default/reactive";
        ReactiveMessageSender<String> sender = AdaptedReactivePulsarClientFactory.create(client)
                .messageSender(Schema.STRING)
                .topic(topic)
                .sendTimeout(LONG)
                .cache(AdaptedReactivePulsarClientFactory.createCache())
                .build();
        sender.sendOne(MessageSpec.of("before")).block(LONG);
        List<SupervisedProducer<?>> before = reactiveProducers(topic);

        // When
        pulsar.kill();
        Thread restart = new Thread(pulsar::restart);
        restart.start();
        sender.sendOne(MessageSpec.of("while it was away")).block(LONG);
        restart.join();
        sender.sendOne(MessageSpec.of("after")).block(LONG);

        // Then
        assertThat(before).hasSize(1);
        assertThat(reactiveProducers(topic)).isEqualTo(before);
        assertThat(read(topic, 3)).containsSubsequence("before", "while it was away", "after");
    }

    private static List<SupervisedProducer<?>> reactiveProducers(String topic) {
        return vela.producers().stream()
                .filter(producer -> producer.getTopic().equals(topic))
                .toList();
    }

    private static List<String> read(String topic, int count) throws PulsarClientException {
        List<String> values = new ArrayList<>();
        try (Consumer<byte[]> consumer = client.newConsumer()
                .topic(topic)
                .subscriptionName("reader")
                .subscriptionInitialPosition(SubscriptionInitialPosition.Earliest)
                .subscribe()) {
            while (values.size() < count) {
                Message<byte[]> message = consumer.receive((int) LONG.toMillis(), TimeUnit.MILLISECONDS);
                if (message == null) {
                    break;
                }
                values.add(new String(message.getValue(), StandardCharsets.UTF_8));
            }
        }
        return values;
    }
}
