package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.vela.ChildSpec;
import dev.vela.PartitionedProducer;
import dev.vela.ProducerGroup;
import dev.vela.ProducerState;
import dev.vela.Snapshot;
import dev.vela.Vela;
import dev.vela.VelaMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import javax.management.JMX;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.apache.pulsar.client.api.AuthenticationFactory;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What tools see of a runtime by JMX, and what they may do. */
class ManagementIT {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final String runtime = Broker.freshName("management");

    private VelaMXBean bean() throws MalformedObjectNameException {
        return JMX.newMXBeanProxy(
                ManagementFactory.getPlatformMBeanServer(),
                new ObjectName("dev.vela:type=Vela,name=" + ObjectName.quote(runtime)),
                VelaMXBean.class);
    }

    private static List<String> values(String json, String field) {
        return Pattern.compile('"' + field + "\":\"?([^\",}]*)")
                .matcher(json)
                .results()
                .map(result -> result.group(1))
                .toList();
    }

    private static long sum(String json, String field) {
        return values(json, field).stream().mapToLong(Long::parseLong).sum();
    }

    @Test
    void aReportTellsWhatProducersDoAndWhere() throws Exception {
        // Given a partitioned producer that has stored messages
        String topic = Broker.freshPartitionedTopic("report", 3);
        Instant before = Instant.now();
        try (Vela vela = Vela.builder().client(Broker.client()).name(runtime).build()) {
            PartitionedProducer<String> producer =
                    vela.newPartitionedProducer(Schema.STRING).topic(topic).start();
            producer.awaitReady(LONG);
            for (int i = 0; i < 30; i++) {
                producer.newMessage().key("k" + i).value("value").send();
            }

            // When a tool asks
            String report = bean().report(0);

            // Then each group has its counts, and each producer its broker
            assertThat(values(report, "stored")).hasSize(3).doesNotContain("0");
            assertThat(sum(report, "stored")).isEqualTo(30);
            assertThat(sum(report, "storedBytes")).isGreaterThanOrEqualTo(30L * "value".length());
            assertThat(sum(report, "failed")).isZero();
            assertThat(values(report, "broker"))
                    .hasSize(3)
                    .containsOnly(Broker.url().replace("pulsar://", ""));
            await().atMost(LONG)
                    .untilAsserted(
                            () -> assertThat(values(bean().report(0), "type")).contains("STARTED", "READY"));
            assertThat(vela.snapshot().topics().get(0).groups())
                    .allSatisfy(group ->
                            assertThat(group.producers().get(0).since()).isBetween(before, Instant.now()));
            assertThat(bean().getProducers()).isEqualTo(3);
            assertThat(bean().getProducersDown()).isZero();

            // And a message that no partition has yet counts when it fails
            assertThat(catchThrowable(() -> producer.newMessage()
                            .value("x".repeat(2 * Broker.MAX_MESSAGE_BYTES))
                            .send()))
                    .isNotNull();
            assertThat(vela.snapshot().topics().get(0).failed()).isEqualTo(1);
        }
    }

    private static Snapshot.Producer onlyOne(ProducerGroup<?> group) {
        return group.snapshot().groups().get(0).producers().get(0);
    }

    @Test
    void aToolRestartsAFencedProducer() throws Exception {
        // Given a producer that was fenced
        String topic = Broker.freshTopic("fenced");
        try (Vela vela = Vela.builder().client(Broker.client()).name(runtime).build()) {
            ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                    .topic(topic)
                    .name("orders")
                    .accessMode(ProducerAccessMode.ExclusiveWithFencing)
                    .start();
            group.send("mine");
            try (Producer<String> rival = Broker.client()
                    .newProducer(Schema.STRING)
                    .topic(topic)
                    .accessMode(ProducerAccessMode.ExclusiveWithFencing)
                    .create()) {
                rival.send("theirs");
                assertThat(catchThrowable(() -> group.send("fenced"))).isNotNull();
            }
            await().atMost(LONG).until(() -> onlyOne(group).state() == ProducerState.FENCED);
            assertThat(onlyOne(group).broker()).isEmpty();
            assertThat(bean().getProducersDown()).isOne();
            await().atMost(LONG).until(() -> values(bean().report(0), "type").contains("FENCED"));

            // When a tool restarts it
            String then = bean().report(0);
            long last = Long.parseLong(values(then, "lastEvent").get(0));
            bean().restart("orders");
            group.awaitReady(LONG);

            // Then it sends again, and the events tell why it was down and that it came back
            group.send("mine again");
            await().atMost(LONG).until(() -> bean().getProducersDown() == 0);
            assertThat(values(then, "type")).containsSubsequence("STARTED", "READY", "DIED", "FENCED");
            assertThat(values(then, "cause")).isNotEmpty().allMatch(cause -> cause.startsWith("ProducerFenced"));
            await().atMost(LONG).until(() -> values(bean().report(last), "type").equals(List.of("READY")));
            assertThatThrownBy(() -> bean().restart("nobody"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("\"nobody\"");
        }
    }

    @Test
    void nothingThatToolsSeeIsSecret(@TempDir Path directory) throws Exception {
        // Given a client with secrets, and failures that quote them
        String token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ2ZWxhIn0.U2VjcmV0VG9rZW5PZlZlbGE";
        String password = "pa55-of-the-store";
        String quoted = "no connection to pulsar://vela:" + password + "@host:6650 with token:" + token
                + ", AuthenticationToken " + token + ", Authorization: Bearer " + token
                + ", {\"tlsTrustStorePassword\": \"" + password + "\"}, keyStorePassword=" + password;
        try (Recording recording = new Recording();
                Vela vela = Vela.builder()
                        .serviceUrl(Broker.url())
                        .customizeClient(client -> client.authentication(AuthenticationFactory.token(token))
                                .tlsTrustStorePassword(password)
                                .tlsKeyStorePassword(password))
                        .name(runtime)
                        .build()) {
            recording.enable("dev.vela.Group").withPeriod(Duration.ofMillis(100));
            recording.start();
            ProducerGroup<String> works = vela.newProducerGroup(Schema.STRING)
                    .topic(Broker.freshTopic("works"))
                    .start();
            works.send("with a token");
            ProducerGroup<String> fails = vela.newProducerGroup(Schema.STRING)
                    .topic(Broker.freshTopic("fails"))
                    .customize(official -> {
                        throw new IllegalStateException(quoted);
                    })
                    .start();
            await().atMost(LONG).until(() -> onlyOne(fails).lastCause().isPresent());
            vela.startAsync(ChildSpec.of("job", () -> CompletableFuture.failedFuture(new IllegalStateException(quoted)))
                            .withRestart(ChildSpec.Restart.TEMPORARY))
                    .exceptionally(failure -> null)
                    .join();
            await().atMost(LONG).until(() -> values(bean().report(0), "type").contains("FAILED"));

            // When tools look at it
            String report = bean().report(0);
            assertThat(report).contains("IllegalStateException: no connection to pulsar://***@host:6650");
            assertThat(report).doesNotContain(token, password, token.substring(token.lastIndexOf('.') + 1));
            assertThat(bean().snapshotJson()).doesNotContain(token, password);

            // Then neither they nor the flight recorder's file have a secret
            List<RecordedEvent> recorded = recorded(recording, directory.resolve("file.jfr"));
            assertThat(recorded).extracting(RecordedEvent::toString).anyMatch(text -> text.contains("no connection"));
            assertThat(recorded)
                    .extracting(RecordedEvent::toString)
                    .allSatisfy(text -> assertThat(text).doesNotContain(token, password));
        }
    }

    private static List<RecordedEvent> recorded(Recording recording, Path file) throws IOException {
        recording.dump(file);
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().startsWith("dev.vela."))
                .toList();
    }
}
