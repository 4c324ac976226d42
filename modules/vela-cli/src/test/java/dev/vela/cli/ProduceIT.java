package dev.vela.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vela.KeyHash;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.Reader;
import org.apache.pulsar.client.api.SubscriptionInitialPosition;
import org.junit.jupiter.api.Test;

class ProduceIT {

    private static final String ORDERS =
            Samples.folder().resolve("orders.ndjson").toString();

    @Test
    void startsAPulsarOfItsOwnAndVerifiesTheSampleOnFourPartitions() throws Exception {
        Run run = Run.of(
                "produce",
                "--topic",
                "orders",
                "--partitions",
                "4",
                "--producers",
                "2",
                "--key-field",
                "customer",
                "--verify",
                "--json",
                ORDERS);

        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isZero();
        JsonNode report = Json.of(run.out());
        assertVerified(report, 10_000);
        assertThat(report.get("restarts").asLong()).isZero();
        assertThat(report.get("messagesPerSecond").asDouble()).isPositive();
        assertThat(report.get("latencyP99Micros").asLong())
                .isGreaterThanOrEqualTo(report.get("latencyP50Micros").asLong())
                .isPositive();
        assertThat(counts(report)).isEqualTo(ordersByPartition(4));
    }

    @Test
    void publishesTheOrdersInBatches() throws Exception {
        Run run = Run.of(
                "produce",
                "-t",
                "batched-orders",
                "--url",
                SharedPulsar.url(),
                "--batch-messages",
                "50",
                "--batch-interval",
                "20s",
                "--batch-at-interval",
                "--key-field",
                "customer",
                "--verify",
                "--json",
                ORDERS);

        assertThat(run.err()).isEmpty();
        assertVerified(Json.of(run.out()), 10_000);
        assertThat(entries("batched-orders")).isLessThan(5_000);
    }

    private static int entries(String topic) throws IOException {
        Set<Long> entries = new HashSet<>();
        try (PulsarClient client =
                        PulsarClient.builder().serviceUrl(SharedPulsar.url()).build();
                Reader<byte[]> reader = client.newReader()
                        .topic(topic)
                        .startMessageId(MessageId.earliest)
                        .create()) {
            while (reader.hasMessageAvailable()) {
                entries.add(((MessageIdAdv) reader.readNext().getMessageId()).getEntryId());
            }
        }
        return entries.size();
    }

    @Test
    void publishesPlainLinesFromStandardInput() {
        String input = IntStream.range(0, 500).mapToObj(i -> "line " + i + "\n").collect(Collectors.joining());

        Run run = Run.withInput(input, "produce", "-t", "plain", "--url", SharedPulsar.url(), "--verify");

        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("published     500\n", "verified      500\n", "partitions    plain  500\n");
        assertThat(run.status()).isZero();
    }

    @Test
    void verifiesOnlyItsOwnMessages() {
        String[] verified = {"produce", "-t", "shared", "--url", SharedPulsar.url(), "--verify", "--json", "-"};
        Run.withInput("before\n", "produce", "-t", "shared", "--url", SharedPulsar.url());
        assertVerified(Json.of(Run.withInput("one\ntwo\n", verified).out()), 2);

        assertVerified(Json.of(Run.withInput("three\n", verified).out()), 1);
    }

    @Test
    void givesEachMessageWhatTheOptionsSay() throws Exception {
        try (PulsarClient client =
                        PulsarClient.builder().serviceUrl(SharedPulsar.url()).build();
                Consumer<byte[]> consumer = client.newConsumer()
                        .topic("options")
                        .subscriptionName("test")
                        .subscriptionInitialPosition(SubscriptionInitialPosition.Earliest)
                        .subscribe()) {
            String line = "{\"id\": 7, \"at\": \"2026-05-01T12:30:00Z\"}";

            Run run = Run.withInput(
                    line,
                    "produce",
                    "-t",
                    "options",
                    "--url",
                    SharedPulsar.url(),
                    "--key-field",
                    "id",
                    "--event-time-field",
                    "at",
                    "--property",
                    "color=red",
                    "--property",
                    "note=a=b",
                    "--compression",
                    "zstd",
                    "--access-mode",
                    "exclusive",
                    "--in-flight",
                    "replay",
                    "--hash",
                    "java-string",
                    "--rate",
                    "10",
                    "--timeout",
                    "20s");

            assertThat(run.status()).isZero();
            Message<byte[]> message = consumer.receive(60, TimeUnit.SECONDS);
            assertThat(new String(message.getData(), UTF_8)).isEqualTo(line);
            assertThat(message.getKey()).isEqualTo("7");
            assertThat(message.getEventTime()).isEqualTo(1_777_638_600_000L);
            assertThat(message.getProperties()).isEqualTo(Map.of("color", "red", "note", "a=b"));
        }
    }

    @Test
    void countsMessagesOfAPartitionThatIsNamedAsATopic() {
        SharedPulsar.get().createPartitionedTopic("four", 4);

        Run run = Run.withInput(
                "a\nb\n", "produce", "-t", "four-partition-2", "--url", SharedPulsar.url(), "--verify", "--json");

        assertVerified(Json.of(run.out()), 2);
        assertThat(counts(Json.of(run.out()))).isEqualTo(Map.of("four-partition-2", 2L));
    }

    @Test
    void publishesNothingOfNothing() {
        Run run = Run.withInput("", "produce", "-t", "nothing", "--url", SharedPulsar.url(), "--verify", "--json");

        assertThat(run.status()).isZero();
        assertVerified(Json.of(run.out()), 0);
    }

    private static void assertVerified(JsonNode report, long messages) {
        assertThat(report.get("published").asLong()).isEqualTo(messages);
        assertThat(report.get("verified").asLong(-1)).isEqualTo(messages);
        for (String field :
                new String[] {"lost", "duplicated", "outOfOrder", "altered", "unexpected", "failed", "unknown"}) {
            assertThat(report.get(field).asLong(-1)).as(field).isZero();
        }
    }

    private static Map<String, Long> ordersByPartition(int partitions) throws Exception {
        JsonLineParser parser = new JsonLineParser("customer", null);
        Map<String, Long> counts = new LinkedHashMap<>();
        for (String line : Files.readAllLines(Samples.folder().resolve("orders.ndjson"))) {
            String customer = parser.parse(1, line.getBytes(UTF_8)).key();
            counts.merge("orders-partition-" + KeyHash.PHASH2.partition(customer, partitions), 1L, Long::sum);
        }
        return counts;
    }

    private static Map<String, Long> counts(JsonNode report) {
        Map<String, Long> counts = new LinkedHashMap<>();
        report.get("partitions")
                .properties()
                .forEach(field -> counts.put(field.getKey(), field.getValue().asLong()));
        return counts;
    }
}
