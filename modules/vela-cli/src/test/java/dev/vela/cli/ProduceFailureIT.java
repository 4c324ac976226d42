package dev.vela.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.PulsarClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ProduceFailureIT {

    @Test
    void reportsWhatWasSentBeforeAMalformedLine() {
        Run run = Run.withInput(
                "{\"k\":1}\n{\"k\":2}\n{\"k\":\n{\"k\":4}\n",
                "produce",
                "-t",
                "malformed",
                "--url",
                SharedPulsar.url(),
                "--key-field",
                "k",
                "--verify",
                "--json");

        assertFailed(run, "standard input, line 3: not JSON: ");
        assertThat(Json.of(run.out()).get("published").asLong()).isEqualTo(2);
        assertThat(Json.of(run.out()).get("verified").asLong()).isEqualTo(2);
    }

    @Test
    void saysThatNobodyListens() {
        Run run = Run.withInput(
                "line\n", "produce", "-t", "o", "--url", "pulsar://127.0.0.1:1", "--timeout", "2s", "--json");

        assertFailed(run, "cannot reach topic o on pulsar://127.0.0.1:1: Connection refused");
        assertThat(Json.of(run.out()).get("published").asLong()).isZero();
    }

    @Test
    void saysAtOnceThatAHostIsUnknown() {
        Run run = Run.withInput("line\n", "produce", "-t", "o", "--url", "pulsar://no-such-host.invalid:6650");

        assertFailed(run, "cannot reach pulsar://no-such-host.invalid:6650: unknown host no-such-host.invalid");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void refusesATopicThatIsNotAsItSays() {
        SharedPulsar.get().createPartitionedTopic("three", 3);

        assertFailed(produce("three", "--partitions", "2"), "topic three has 3 partitions, --partitions says 2");
        assertFailed(produce("three", "--partitions", "0"), "topic three has 3 partitions, --partitions says 0");
        assertFailed(produce("absent", "--partitions", "2"), "topic absent does not exist on ");
        assertFailed(produce("three-partition-3"), "there is no partition 3: topic ");
        assertFailed(produce("absent-partition-0"), "there is no partition 0: topic ");
    }

    @Test
    void saysWhyAMessageFailedAndOnWhichLine() {
        SharedPulsar.get().admin().createTopic("large");

        Run run = Run.withInput(
                "small\n" + "x".repeat(6 << 20) + "\nsmall\n",
                "produce",
                "-t",
                "large",
                "--url",
                SharedPulsar.url(),
                "--verify",
                "--json");

        assertFailed(run, "1 not sent, the first on line 2: ");
        JsonNode report = Json.of(run.out());
        assertThat(report.get("published").asLong()).isEqualTo(2);
        assertThat(report.get("verified").asLong()).isEqualTo(2);
        assertThat(report.get("failed").asLong()).isEqualTo(1);
    }

    @Test
    void saysThatTheTopicIsTerminated() {
        SharedPulsar.get().admin().createTopic("terminated");
        SharedPulsar.get().admin().terminateTopic("terminated");

        assertFailed(
                produce("terminated"),
                "cannot publish to terminated: the producer is DOWN: Topic was already terminated");
    }

    @Test
    void saysWhoHoldsATopicThatItWantsForItself() throws Exception {
        try (PulsarClient client =
                        PulsarClient.builder().serviceUrl(SharedPulsar.url()).build();
                Producer<byte[]> holder = client.newProducer()
                        .topic("held")
                        .producerName("the holder")
                        .accessMode(ProducerAccessMode.Exclusive)
                        .create()) {
            assertThat(holder.isConnected()).isTrue();
            assertFailed(
                    produce("held", "--access-mode", "exclusive"),
                    "cannot publish to held: the producer is DOWN: Topic has an existing exclusive producer: the holder");
            assertFailed(
                    produce("held", "--access-mode", "wait-for-exclusive"), "cannot publish to held: the producer is ");
        }
    }

    @Test
    void givesUpWhenItsProducerIsFenced() throws Exception {
        PipedInputStream input = new PipedInputStream();
        PipedOutputStream lines = new PipedOutputStream(input);
        CompletableFuture<Run> running = CompletableFuture.supplyAsync(() -> Run.withInput(
                input,
                new Interruption(),
                "produce",
                "-t",
                "fenced",
                "--url",
                SharedPulsar.url(),
                "--access-mode",
                "exclusive",
                "--verify",
                "--json"));
        lines.write("first\n".getBytes(UTF_8));
        lines.flush();
        await().ignoreExceptions()
                .atMost(Duration.ofMinutes(1))
                .until(() -> Json.of(SharedPulsar.get().admin().stats("fenced"))
                                .get("msgInCounter")
                                .asLong()
                        == 1);

        Run.withInput(
                "theirs\n",
                "produce",
                "-t",
                "fenced",
                "--url",
                SharedPulsar.url(),
                "--access-mode",
                "exclusive-with-fencing");
        try {
            while (!running.isDone()) {
                lines.write("second\n".getBytes(UTF_8));
                lines.flush();
            }
        } catch (IOException e) { // the thread that read them has ended, and the command is about to
            assertThat(e).hasMessageContaining("dead");
        }

        assertThat(running.get().err().lines()).hasSize(1);
        assertThat(running.get().err()).startsWith("vela: gave up after line ").contains(": the producer is DOWN; ");
        assertThat(Json.of(running.get().out()).get("verified").asLong()).isEqualTo(1);
        assertThat(running.get().status()).isEqualTo(Main.FAILURE);
    }

    @Test
    void publishesWithoutKeysAroundATerminatedPartition() {
        SharedPulsar.get().createPartitionedTopic("sick", 3);
        SharedPulsar.get().admin().terminateTopic("sick-partition-1");

        Run run = Run.withInput(
                "line\n".repeat(300), "produce", "-t", "sick", "--url", SharedPulsar.url(), "--verify", "--json");

        assertThat(run.err()).isEmpty();
        assertThat(Json.of(run.out()).get("verified").asLong()).isEqualTo(300);
        assertThat(Json.of(run.out()).get("partitions").get("sick-partition-1").asLong())
                .isZero();
    }

    private static Run produce(String topic, String... options) {
        String[] args = new String[options.length + 6];
        System.arraycopy(options, 0, args, 6, options.length);
        System.arraycopy(
                new String[] {"produce", "-t", topic, "--url", SharedPulsar.url(), "--timeout=5s"}, 0, args, 0, 6);
        return Run.withInput("line\n", args);
    }

    private static void assertFailed(Run run, String message) {
        assertThat(run.err()).startsWith("vela: " + message);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.status()).isEqualTo(Main.FAILURE);
    }
}
