package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vela.BudgetExceededException;
import dev.vela.HandleState;
import dev.vela.ProducerGroup;
import dev.vela.Vela;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.ClientBuilder;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.SizeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client of the application's with a memory limit: what is stuck in one producer, and who suffers for it. */
class ClientMemoryIT {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final int SIZE = 1000;
    private static final int ROOM = 100;

    private final String stuckTopic = Broker.freshTopic("stuck");
    private final String otherTopic = Broker.freshTopic("other");
    private Wire wire;
    private PulsarClient client;
    private Vela vela;

    @BeforeEach
    void connect() throws Exception {
        wire = new Wire();
        ClientBuilder builder = PulsarClient.builder()
                .serviceUrl(Broker.url())
                .memoryLimit((long) ROOM * SIZE, SizeUnit.BYTES)
                .startingBackoffInterval(100, TimeUnit.MILLISECONDS)
                .maxBackoffInterval(1, TimeUnit.SECONDS);
        wire.join(builder);
        client = builder.build();
        vela = new PatientVela(Vela.on(client));
    }

    @AfterEach
    void close() throws Exception {
        vela.close();
        client.close();
        wire.close();
    }

    @Test
    void whatIsStuckInOneProducerLeavesRoomForAnother() throws Exception {
        // Given two groups, one of which cannot reconnect since a rival has taken its topic
        ProducerGroup<String> stuck = vela.newProducerGroup(Schema.STRING)
                .topic(stuckTopic)
                .blockIfQueueFull(false)
                .maxDisconnectedTime(Duration.ofMinutes(10))
                .start();
        ProducerGroup<String> other =
                vela.newProducerGroup(Schema.STRING).topic(otherTopic).start();
        stuck.awaitReady(LONG);
        other.awaitReady(LONG);
        try (Vela rivals = Broker.vela()) {
            takeFromUs(rivals);
            await().atMost(LONG).until(other::isConnected);

            // When it is given more than the client's memory takes
            List<CompletableFuture<MessageId>> answers = new ArrayList<>();
            for (int i = 0; i < 2 * ROOM; i++) {
                answers.add(stuck.newMessage().value(payload()).timeout(LONG).sendAsync());
            }

            // Then the other sends on
            for (int i = 0; i < 10; i++) {
                Answers.receipt(other.sendAsync(payload()));
            }
            BudgetExceededException full = Answers.notSent(answers.get(2 * ROOM - 1), BudgetExceededException.class);
            assertThat(full).hasMessageContaining("the client's memory limit");
        }
        await().atMost(LONG.multipliedBy(2)).until(() -> vela.snapshot().pendingMessages() == 0);
        assertThat(vela.snapshot().pendingBytes()).isZero();
    }

    @Test
    void aFailureForWantOfItNamesIt() throws Exception {
        // Given a client whose memory is full of what a producer of the application's holds
        Producer<byte[]> official = client.newProducer()
                .topic(stuckTopic)
                .enableBatching(false)
                .sendTimeout(0, TimeUnit.SECONDS)
                .create();
        ProducerGroup<String> other =
                vela.newProducerGroup(Schema.STRING).topic(otherTopic).start();
        other.awaitReady(LONG);
        try (Vela rivals = Broker.vela()) {
            takeFromUs(rivals);
            await().atMost(LONG).until(other::isConnected);
            for (int i = 0; i <= ROOM; i++) {
                official.sendAsync(new byte[SIZE]);
            }

            // When a message finds no room in it until its deadline
            CompletableFuture<MessageId> answer = other.newMessage()
                    .value(payload())
                    .timeout(Duration.ofMillis(300))
                    .sendAsync();

            // Then its failure says so
            assertThat(Answers.notSent(answer, BudgetExceededException.class))
                    .hasMessageContaining("the client's memory limit of " + ROOM * SIZE + " bytes");
        }
    }

    /** Our client's producers of the topic lose their connection, and find it taken when they come back. */
    private void takeFromUs(Vela rivals) throws Exception {
        wire.down();
        ProducerGroup<String> rival = rivals.newProducerGroup(Schema.STRING)
                .topic(stuckTopic)
                .accessMode(ProducerAccessMode.Exclusive)
                .start();
        await().atMost(LONG).until(() -> {
            rival.restart();
            return rival.state() == HandleState.READY;
        });
        wire.up();
    }

    private static String payload() {
        return "x".repeat(SIZE - 50);
    }
}
