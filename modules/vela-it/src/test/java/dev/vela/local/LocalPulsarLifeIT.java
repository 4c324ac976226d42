package dev.vela.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One server, put through all that a test may do to it. */
class LocalPulsarLifeIT {

    private static LocalPulsar pulsar;

    @BeforeAll
    static void start() {
        pulsar = LocalPulsar.start();
    }

    @AfterAll
    static void close() {
        pulsar.close();
    }

    @Test
    void answersOnceStarted() throws PulsarClientException {
        Clients.send(pulsar, "answers", "hello");

        assertThat(Clients.receive(pulsar, "answers")).isEqualTo("hello");
        assertThat(pulsar.isRunning()).isTrue();
        assertThat(ProcessHandle.of(pulsar.pid())).isPresent();
    }

    @Tag("full")
    @Test
    void keepsMessagesAndPartitionsOverAKill() throws PulsarClientException {
        pulsar.createPartitionedTopic("killed", 3);
        try (PulsarClient client = Clients.client(pulsar);
                Producer<String> producer = Clients.producer(client, "kept")) {
            CompletableFuture<?>[] receipts = IntStream.range(0, 1_000)
                    .mapToObj(i -> producer.sendAsync("message " + i))
                    .toArray(CompletableFuture[]::new);
            CompletableFuture.allOf(receipts).join();
        }
        String url = pulsar.serviceUrl();
        long pid = pulsar.pid();

        pulsar.kill();
        assertThat(pulsar.isRunning()).isFalse();
        assertThat(ProcessHandle.of(pid)).isEmpty();
        pulsar.restart();

        assertThat(pulsar.isRunning()).isTrue();
        assertThat(pulsar.pid()).isNotEqualTo(pid);
        assertThat(pulsar.serviceUrl()).isEqualTo(url);
        assertThat(pulsar.admin().partitions("killed")).isEqualTo(3);
        try (PulsarClient client = Clients.client(pulsar);
                Consumer<String> consumer = Clients.consumer(client, "kept")) {
            for (int i = 0; i < 1_000; i++) {
                assertThat(Clients.receive(consumer)).isEqualTo("message " + i);
            }
        }
    }

    @Tag("full")
    @Test
    void keepsMessagesAndProducersOverAnOrderlyRestart() throws PulsarClientException {
        try (PulsarClient client = Clients.client(pulsar);
                Producer<String> producer = Clients.producer(client, "orderly")) {
            producer.send("before");
            pulsar.restart();
            producer.send("after");

            try (Consumer<String> consumer = Clients.consumer(client, "orderly")) {
                assertThat(Clients.receive(consumer)).isEqualTo("before");
                assertThat(Clients.receive(consumer)).isEqualTo("after");
            }
        }
    }

    @Test
    void answersNothingWhileFrozen() throws PulsarClientException {
        try (PulsarClient client = Clients.client(pulsar);
                Producer<String> producer = Clients.producer(client, "frozen")) {
            producer.send("before");

            pulsar.freeze();
            pulsar.freeze();
            CompletableFuture<MessageId> sent = producer.sendAsync("while frozen");
            await().during(Duration.ofMillis(500)).until(() -> !sent.isDone());
            assertThat(pulsar.isRunning()).isTrue();
            pulsar.thaw();
            pulsar.thaw();

            await().atMost(Duration.ofMinutes(1)).until(sent::isDone);
            assertThat(sent).isCompleted();
        }
    }

    @Tag("full")
    @Test
    void killsEvenAFrozenServer() {
        pulsar.freeze();

        pulsar.kill();

        assertThat(pulsar.isRunning()).isFalse();
        assertThatThrownBy(pulsar::freeze)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("must be running");
        pulsar.restart();
        assertThat(pulsar.isRunning()).isTrue();
    }

    @Test
    @Tag("full")
    void stopsAFrozenServerInOrder() {
        pulsar.freeze();

        pulsar.stop();
        pulsar.stop();

        assertThat(pulsar.isRunning()).isFalse();
        pulsar.restart();
        assertThat(pulsar.isRunning()).isTrue();
    }
}
