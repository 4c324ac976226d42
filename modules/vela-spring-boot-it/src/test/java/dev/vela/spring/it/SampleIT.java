package dev.vela.spring.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Reader;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.schema.GenericRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sample for Spring Boot, over HTTP. */
class SampleIT {
    private static final String ORDER = "{\"customer\":\"ada\",\"item\":\"tea\",\"quantity\":2}";

    @Test
    void anOrderIsAcceptedAndStored() throws Exception {
        String topic = Broker.freshTopic("sample");
        try (Application service = Application.sample("spring.pulsar.producer.topic-name=" + topic)) {
            HttpResponse<String> answer = service.post("/orders", ORDER);

            assertThat(answer.statusCode()).isEqualTo(202);
            List<Message<GenericRecord>> messages = read(topic);
            assertThat(messages).hasSize(1);
            assertThat(messages.get(0).getKey()).isEqualTo("ada");
            assertThat(messages.get(0).getValue().getField("item")).isEqualTo("tea");
            assertThat(messages.get(0).getValue().getField("quantity")).isEqualTo(2);
            assertThat(answer.body()).isEqualTo("{\"id\":\"" + id(messages.get(0)) + "\"}");
            assertThat(status(service)).isEqualTo("UP");
            assertThat(service.get("/actuator/prometheus").body()).contains("http_server_requests_seconds_count");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"customer\":\" \",\"item\":\"tea\",\"quantity\":2}",
                "{\"customer\":\"ada\",\"quantity\":2}",
                "{\"customer\":\"ada\",\"item\":\"tea\",\"quantity\":0}",
                "tea"
            })
    @Tag("full")
    void aBadOrderIsRefused(String order) throws Exception {
        try (Application service = Application.sample()) {
            HttpResponse<String> answer = service.post("/orders", order);

            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(new ObjectMapper().readTree(answer.body()).at("/detail").asText())
                    .isNotEmpty();
        }
    }

    /** The successor of a producer that dies during the outage sends again what was in flight, so every order is stored. */
    @Test
    @Tag("full")
    void noOrderFailsWhileTheBrokerIsAwayForLessThanTheSendTimeout() throws Exception {
        String topic = Broker.freshTopic("outage");
        OrderLoad load = loseTheBrokerUnderLoad(topic, "vela.in-flight-policy=replay");

        assertThat(load.statuses()).containsOnlyKeys(202);
        assertThat(stored(topic)).containsAll(load.ids(202));
    }

    /** What was in flight may be stored, and the customer is told so. Everything else waits for the broker. */
    @Test
    @Tag("full")
    void onlyOrdersInFlightFailIfTheyAreNotReplayed() throws Exception {
        String topic = Broker.freshTopic("outage");
        OrderLoad load = loseTheBrokerUnderLoad(topic, "vela.in-flight-policy=report");

        Map<Integer, Long> statuses = load.statuses();
        assertThat(statuses.keySet()).isSubsetOf(202, 504);
        assertThat(statuses.getOrDefault(504, 0L)).isLessThanOrEqualTo(OrderLoad.CUSTOMERS);
        List<String> stored = stored(topic);
        assertThat(stored).containsAll(load.ids(202)).doesNotHaveDuplicates();
        List<String> answered = new ArrayList<>(load.ids(202));
        answered.addAll(load.ids(504));
        assertThat(answered).containsAll(stored);
    }

    private static OrderLoad loseTheBrokerUnderLoad(String topic, String policy) throws Exception {
        try (Application service = Application.sample(
                policy,
                "spring.pulsar.producer.topic-name=" + topic,
                "spring.pulsar.producer.send-timeout=10m",
                "vela.disconnected-limit=1s",
                "vela.health.grace=1s")) {
            OrderLoad load = OrderLoad.start(service);
            try {
                await().atMost(Duration.ofMinutes(2)).until(() -> load.answered() >= 500);
                assertThat(status(service)).isEqualTo("UP");
                Broker.pulsar().kill();
                try {
                    await().atMost(Duration.ofMinutes(2))
                            .until(() -> status(service).equals("OUT_OF_SERVICE"));
                    assertThat(service.get("/actuator/health").statusCode()).isEqualTo(503);
                    await().atMost(Duration.ofMinutes(2)).until(() -> load.waiting() == OrderLoad.CUSTOMERS);
                } finally {
                    Broker.pulsar().restart();
                }
                await().atMost(Duration.ofMinutes(2))
                        .until(() -> status(service).equals("UP"));
                int before = load.answered();
                await().atMost(Duration.ofMinutes(2)).until(() -> load.answered() >= before + 500);
            } finally {
                load.stop();
            }
            assertThat(load.failures()).isEmpty();
            scrapeShows(service, load);
            return load;
        }
    }

    private static void scrapeShows(Application service, OrderLoad load) throws Exception {
        List<String> scrape = scrape(service);
        assertThat(sum(scrape, "vela_messages_total", "outcome=\"stored\""))
                .isGreaterThanOrEqualTo(load.ids(202).size());
        assertThat(sum(scrape, "vela_messages_total", "outcome=\"not_sent\"")).isZero();
        assertThat(sum(scrape, "vela_restarts_total", "")).isPositive();
        await().atMost(Duration.ofMinutes(2)) // a state's gauge appears with the scrape after the state
                .until(() -> sum(scrape(service), "vela_state", "state=\"ready\"") == 1);
    }

    private static List<String> scrape(Application service) throws Exception {
        return service.get("/actuator/prometheus").body().lines().toList();
    }

    /** The sum over all series of a name that have a label. */
    private static double sum(List<String> scrape, String name, String label) {
        return scrape.stream()
                .filter(line -> line.startsWith(name + "{") && line.contains(label))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    @Test
    @Tag("full")
    void everyOrderAcceptedBeforeAShutdownIsStored() throws Exception {
        String topic = Broker.freshTopic("shutdown");
        OrderLoad load;
        try (Application service = Application.sample("spring.pulsar.producer.topic-name=" + topic)) {
            load = OrderLoad.start(service);
            await().atMost(Duration.ofMinutes(2)).until(() -> load.answered() >= 500);
        }
        load.stop();

        assertThat(load.statuses()).as(load.othersThan(202)).containsOnlyKeys(202);
        assertThat(load.failures()).hasSize(OrderLoad.CUSTOMERS); // The service went away while all were busy.
        assertThat(stored(topic)).containsAll(load.ids(202)).doesNotHaveDuplicates();
    }

    /** An order that never left is answered with 503, and is not on the topic. */
    @Test
    @Tag("full")
    void anOrderThatNeverLeftIsNotStored() throws Exception {
        String topic = Broker.freshTopic("refused");
        try (Application service = Application.sample(
                "spring.pulsar.producer.topic-name=" + topic,
                "spring.pulsar.producer.send-timeout=3s",
                "spring.pulsar.client.operation-timeout=5s")) {
            HttpResponse<String> refused;
            Broker.pulsar().kill();
            try {
                refused = service.post("/orders", ORDER);
            } finally {
                Broker.pulsar().restart();
            }
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(new ObjectMapper().readTree(refused.body()).at("/detail").asText())
                    .contains("safe to send it again");
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> service.post("/orders", ORDER).statusCode() == 202);
            assertThat(stored(topic))
                    .doesNotContain(new ObjectMapper()
                            .readTree(refused.body())
                            .at("/id")
                            .asText());
        }
    }

    /** No producer can be created where there is no namespace, so nothing is sent. */
    @Test
    @Tag("full")
    void anOrderWithoutAProducerIsNotStored() throws Exception {
        try (Application service = Application.sample("spring.pulsar.producer.topic-name=public/nowhere/orders")) {
            HttpResponse<String> refused = service.post("/orders", ORDER);

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.body()).contains("safe to send it again");
        }
    }

    /** While the broker is frozen, an order may have reached it. */
    @Test
    @Tag("full")
    void anOrderThatGotNoReceiptMayBeStored() throws Exception {
        String topic = Broker.freshTopic("unknown");
        try (Application service = Application.sample(
                "spring.pulsar.producer.topic-name=" + topic, "spring.pulsar.producer.send-timeout=3s")) {
            assertThat(service.post("/orders", ORDER).statusCode()).isEqualTo(202);
            HttpResponse<String> unknown;
            Broker.pulsar().freeze();
            try {
                unknown = service.post("/orders", ORDER);
            } finally {
                Broker.pulsar().thaw();
            }
            assertThat(unknown.statusCode()).isEqualTo(504);
            assertThat(unknown.body()).contains("may be stored");
        }
    }

    private static String status(Application service) throws Exception {
        return service.json("/actuator/health").at("/components/vela/status").asText();
    }

    private static List<String> stored(String topic) throws Exception {
        return read(topic).stream().map(SampleIT::id).toList();
    }

    private static String id(Message<GenericRecord> message) {
        return (String) message.getValue().getField("id");
    }

    private static List<Message<GenericRecord>> read(String topic) throws Exception {
        List<Message<GenericRecord>> messages = new ArrayList<>();
        try (Reader<GenericRecord> reader = Broker.client()
                .newReader(Schema.AUTO_CONSUME())
                .topic(topic)
                .startMessageId(MessageId.earliest)
                .create()) {
            while (reader.hasMessageAvailable()) {
                messages.add(reader.readNext());
            }
        }
        return messages;
    }
}
