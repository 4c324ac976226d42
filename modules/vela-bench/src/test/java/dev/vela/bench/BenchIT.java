package dev.vela.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.SubscriptionInitialPosition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The benchmark runs, from its command line to its report. What it finds is not for a test to say. */
@Tag("full")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class BenchIT {
    private static Cluster cluster;

    @BeforeAll
    static void start() {
        cluster = Cluster.local(line -> {});
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    /** That the counts of receipts and of the broker agree is a condition of its success. */
    @Test
    void measuresEveryKeyButThoseOfTenThousandProducers(@TempDir Path folder) throws Exception {
        assertMeasures(label -> !label.endsWith("10000"), folder);
        assertThat(folder).isDirectoryContaining("glob:**/growth.svg");
        assertThat(folder).isDirectoryContaining("glob:**/throughput.svg");
    }

    @Test
    void measuresTenThousandProducers(@TempDir Path folder) throws Exception {
        assertMeasures(label -> label.endsWith("10000"), folder);
        assertThat(folder).isDirectoryContaining("glob:**/growth.svg");
    }

    private static void assertMeasures(Predicate<String> wanted, Path folder) throws Exception {
        List<String> keys =
                Arrays.stream(Ratio.values()).map(Ratio::label).filter(wanted).toList();
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();

        int status = new CommandLine(new BenchCommand(UnaryOperator.identity()))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(
                        "--quick",
                        "--json",
                        "--rounds=1",
                        "--seconds=0.1",
                        "--only=" + String.join(",", keys),
                        "--url=" + cluster.serviceUrl(),
                        "--admin-url=" + cluster.adminUrl(),
                        "--output=" + folder);

        assertThat(status).as(err.toString()).isZero();
        assertThat(out.toString().lines()).hasSize(1);
        JsonNode ratios = new ObjectMapper().readTree(out.toString()).get("ratios");
        assertThat(ratios.fieldNames()).toIterable().containsExactlyElementsOf(keys);
        assertThat(ratios).allSatisfy(ratio -> assertThat(ratio.doubleValue()).isPositive());
        assertThat(folder).isDirectoryContaining("glob:**/results.json");
        assertThat(folder).isDirectoryContaining("glob:**/ratios.svg");
    }

    @Test
    void sendsDownTheSocketWhatConsumersRead() throws Exception {
        int perEntry = EntryFrame.of(100, "").messages();
        try (BenchTopic topic = BenchTopic.create(Scenario.PERSISTENT_1, cluster.admin());
                BareSocket socket = new BareSocket(cluster.serviceUrl(), topic.name(), 100, 10 * perEntry);
                PulsarClient client =
                        PulsarClient.builder().serviceUrl(cluster.serviceUrl()).build();
                Consumer<byte[]> consumer = client.newConsumer()
                        .topic(topic.name())
                        .subscriptionName("check")
                        .subscriptionInitialPosition(SubscriptionInitialPosition.Earliest)
                        .subscribe()) {
            socket.prepare();
            long sent = socket.send(Duration.ofMillis(50)).messages();

            topic.check(sent);
            assertThat(sent).isPositive();
            for (int i = 0; i < Math.min(sent, 3L * perEntry); i++) {
                Message<byte[]> message = consumer.receive(60, TimeUnit.SECONDS);
                assertThat(message).isNotNull();
                assertThat(message.size()).isEqualTo(100);
                assertThat(((MessageIdAdv) message.getMessageId()).getBatchIndex())
                        .isEqualTo(i % perEntry);
            }
        }
    }
}
