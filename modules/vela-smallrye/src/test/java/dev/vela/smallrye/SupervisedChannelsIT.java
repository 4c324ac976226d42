package dev.vela.smallrye;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.vela.HandleState;
import dev.vela.SupervisedProducer;
import dev.vela.local.LocalPulsar;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.management.ObjectName;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.SubscriptionInitialPosition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Outgoing channels of SmallRye's connector, on a real Pulsar. */
class SupervisedChannelsIT {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final String CHANNEL = "mp.messaging.outgoing.orders.";

    private static LocalPulsar pulsar;
    private static PulsarClient client;

    @BeforeAll
    static void start() throws PulsarClientException {
        pulsar = LocalPulsar.builder().readyWithin(Duration.ofMinutes(5)).start();
        client = PulsarClient.builder().serviceUrl(pulsar.serviceUrl()).build();
    }

    @AfterAll
    static void stop() throws PulsarClientException {
        client.close();
        pulsar.close();
    }

    @Test
    void messagesArriveThroughASupervisedProducer() throws Exception {
        try (Application application = application("arrive", Map.of())) {
            Orders orders = application.get(Orders.class);

            for (int i = 0; i < 20; i++) {
                assertThat(answer(orders.place("order " + i).toCompletableFuture()))
                        .isEqualTo(Orders.Result.PLACED);
            }

            assertThat(application.producer("orders")).isInstanceOf(SupervisedProducer.class);
            assertThat(read("arrive", 20)).startsWith("order 0").endsWith("order 19");
        }
    }

    @Test
    void theMessagesOfATerminatedTopicAreNackedWithTheirOutcome() throws Exception {
        try (Application application = application("terminated", Map.of())) {
            Orders orders = application.get(Orders.class);
            assertThat(answer(orders.place("before").toCompletableFuture())).isEqualTo(Orders.Result.PLACED);

            pulsar.admin().terminateTopic("terminated");
            await().atMost(LONG)
                    .until(() -> answer(orders.place("probe").toCompletableFuture()) == Orders.Result.REFUSED);

            assertThat(answer(orders.place("after").toCompletableFuture())).isEqualTo(Orders.Result.REFUSED);
            assertThat(application.producer("orders").isConnected()).isFalse();
        }
    }

    @Test
    void aFencedProducerRefusesAndIsRestartedByTheApplication() throws Exception {
        try (Application application =
                application("fenced", Map.of(CHANNEL + "accessMode", "Exclusive"), Restart.class)) {
            Orders orders = application.get(Orders.class);
            assertThat(answer(orders.place("before").toCompletableFuture())).isEqualTo(Orders.Result.PLACED);
            SupervisedProducer<String> producer = application.supervised("orders");

            Producer<String> other = client.newProducer(Schema.STRING)
                    .topic("fenced")
                    .accessMode(ProducerAccessMode.ExclusiveWithFencing)
                    .create();
            await().atMost(LONG)
                    .until(() -> answer(orders.place("probe").toCompletableFuture()) == Orders.Result.REFUSED);
            await().atMost(LONG).until(() -> producer.state() == HandleState.DOWN);
            assertThat(answer(orders.place("fenced").toCompletableFuture())).isEqualTo(Orders.Result.REFUSED);

            other.close();
            application.get(Restart.class).restart();
            producer.awaitReady(LONG);
            assertThat(answer(orders.place("after").toCompletableFuture())).isEqualTo(Orders.Result.PLACED);
        }
    }

    @Test
    void aFrozenBrokerHoldsTheChannelBack() throws Exception {
        try (Application application = application("frozen", Map.of(CHANNEL + "max-inflight-messages", "3"))) {
            Orders orders = application.get(Orders.class);
            assertThat(answer(orders.place("before").toCompletableFuture())).isEqualTo(Orders.Result.PLACED);
            SupervisedProducer<String> producer = application.supervised("orders");
            await().atMost(LONG).until(orders::hasRequests);

            pulsar.freeze();
            List<CompletableFuture<Orders.Result>> answers = new ArrayList<>();
            try {
                IntStream.range(0, 10)
                        .forEach(i -> answers.add(orders.place("order " + i).toCompletableFuture()));
                await().atMost(LONG)
                        .untilAsserted(() -> assertThat(producer.snapshot().pendingMessages())
                                .isEqualTo(3));
                assertThat(orders.hasRequests()).isFalse();
                assertThat(answers).noneMatch(CompletableFuture::isDone);
            } finally {
                pulsar.thaw();
            }

            for (CompletableFuture<Orders.Result> answer : answers) {
                assertThat(answer(answer)).isEqualTo(Orders.Result.PLACED);
            }
        }
    }

    @Test
    void theRuntimeDrainsBeforeTheConnectorCloses() throws Exception {
        Application application = application("drained", Map.of(), EndProbe.class);
        Orders orders = application.get(Orders.class);
        assertThat(answer(orders.place("before").toCompletableFuture())).isEqualTo(Orders.Result.PLACED);
        SupervisedProducer<String> producer = application.supervised("orders");

        pulsar.freeze();
        CompletableFuture<Orders.Result> pending;
        CompletableFuture<Void> closed;
        try {
            pending = orders.place("pending").toCompletableFuture();
            await().atMost(LONG).until(() -> producer.snapshot().pendingMessages() == 1);
            closed = CompletableFuture.runAsync(application::close);
            await().atMost(LONG).until(() -> producer.state() == HandleState.STOPPING);
        } finally {
            pulsar.thaw();
        }

        assertThat(answer(pending)).isEqualTo(Orders.Result.PLACED);
        answer(closed);
        assertThat(EndProbe.STATE.join()).isEqualTo(HandleState.STOPPED);
        assertThat(EndProbe.CLIENT_CLOSED.join()).isFalse();
        assertThat(read("drained", 2)).containsExactly("before", "pending");
    }

    @Test
    void channelsShareARuntimeAndMayOptOut() throws Exception {
        Map<String, String> properties = new HashMap<>();
        for (String channel : List.of("payments", "invoices")) {
            properties.put("mp.messaging.outgoing." + channel + ".connector", "smallrye-pulsar");
            properties.put("mp.messaging.outgoing." + channel + ".topic", "shared-" + channel);
        }
        properties.put("mp.messaging.outgoing.invoices.vela.enabled", "false");
        properties.put(CHANNEL + "vela.producers", "2");
        properties.put(CHANNEL + "vela.in-flight-policy", "replay");

        try (Application application = application("shared", properties, LoggedRuntime.class, OtherChannels.class)) {
            assertThat(application.producer("invoices")).isNotInstanceOf(SupervisedProducer.class);
            assertThat(application
                            .supervised("orders")
                            .snapshot()
                            .groups()
                            .get(0)
                            .producers())
                    .hasSize(2);
            assertThat(application
                            .supervised("payments")
                            .snapshot()
                            .groups()
                            .get(0)
                            .producers())
                    .hasSize(1);
            assertThat(ManagementFactory.getPlatformMBeanServer()
                            .queryNames(new ObjectName("dev.vela:type=Vela,*"), null))
                    .extracting(name -> name.getKeyProperty("name"))
                    .singleElement()
                    .asString()
                    .startsWith("\"shop-");
        }
    }

    @Test
    void aBadPropertyFailsTheStart() {
        assertThatThrownBy(() -> application("bad", Map.of(CHANNEL + "vela.producers", "0")))
                .hasStackTraceContaining(CHANNEL + "vela.producers must be a whole number >= 1, was \"0\"");
    }

    // ---- helpers

    private static Application application(String topic, Map<String, String> more, Class<?>... beans) {
        Map<String, String> properties = new HashMap<>(more);
        properties.put(CHANNEL + "connector", "smallrye-pulsar");
        properties.put(CHANNEL + "topic", topic);
        List<Class<?>> all = new ArrayList<>(List.of(beans));
        all.add(Orders.class);
        return Application.start(pulsar.serviceUrl(), properties, all.toArray(Class<?>[]::new));
    }

    private static <T> T answer(CompletableFuture<T> future) throws Exception {
        return future.get(LONG.toSeconds(), TimeUnit.SECONDS);
    }

    private static List<String> read(String topic, int count) throws PulsarClientException {
        List<String> values = new ArrayList<>();
        try (Consumer<String> consumer = client.newConsumer(Schema.STRING)
                .topic(topic)
                .subscriptionName("reader")
                .subscriptionInitialPosition(SubscriptionInitialPosition.Earliest)
                .subscribe()) {
            while (values.size() < count) {
                Message<String> message = consumer.receive((int) LONG.toMillis(), TimeUnit.MILLISECONDS);
                if (message == null) {
                    break;
                }
                values.add(message.getValue());
            }
        }
        return values;
    }
}
