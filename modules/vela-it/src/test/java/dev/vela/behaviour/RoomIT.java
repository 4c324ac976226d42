package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.vela.BudgetExceededException;
import dev.vela.ProducerGroup;
import dev.vela.ProducerState;
import dev.vela.Vela;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.SizeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is full makes senders wait: a budget, or the memory of a client. */
class RoomIT {
    private static final Duration LONG = Duration.ofMinutes(3);
    private static final int SIZE = 1000;

    private static PulsarClient smallClient() throws Exception {
        return PulsarClient.builder()
                .serviceUrl(Broker.url())
                .memoryLimit(5 * SIZE, SizeUnit.BYTES)
                .maxBackoffInterval(1, TimeUnit.SECONDS) // by default it grows with the time that the broker is away
                .build();
    }

    private static String payload(int number) {
        return number + "-" + "x".repeat(SIZE);
    }

    @Test
    void fullMemoryOfACallersClientIsWaitedFor() throws Exception {
        // Given a client with room for five messages
        String topic = Broker.freshTopic("memory");
        try (PulsarClient client = smallClient();
                Vela vela = new PatientVela(Vela.on(client))) {
            ProducerGroup<String> group =
                    vela.newProducerGroup(Schema.STRING).topic(topic).start();

            // When hundreds are sent at once
            List<CompletableFuture<MessageId>> answers = IntStream.range(0, 500)
                    .mapToObj(i -> group.sendAsync(payload(i)))
                    .toList();

            // Then all arrive, in order
            assertThat(answers).allSatisfy(answer -> assertThat(answer).succeedsWithin(LONG));
            assertThat(Broker.read(topic, Schema.STRING, 500))
                    .extracting(message -> message.getValue())
                    .containsExactlyElementsOf(
                            IntStream.range(0, 500).mapToObj(RoomIT::payload).toList());
            assertThat(vela.snapshot().pendingMessages()).isZero();
            assertThat(vela.snapshot().pendingBytes()).isZero();
        }
    }

    @Tag("full")
    @Test
    void fullMemoryIsNotTakenForTheDeathOfADisconnectedProducer() throws Exception {
        // Given a client with room for five messages
        String topic = Broker.freshTopic("memory");
        try (PulsarClient client = smallClient();
                Vela vela = new PatientVela(Vela.on(client))) {
            ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                    .topic(topic)
                    .maxDisconnectedTime(LONG)
                    .start();
            group.send("before");
            Producer<byte[]> official = client.newProducer()
                    .topic(Broker.freshTopic("filler"))
                    .enableBatching(false)
                    .sendTimeout(0, TimeUnit.SECONDS)
                    .create();
            List<CompletableFuture<MessageId>> answers = new ArrayList<>();

            // When it fills up while the broker is away, for several looks at the producer
            try {
                Broker.pulsar().kill();
                for (int i = 0; i < 10; i++) {
                    official.sendAsync(new byte[SIZE]);
                }
                for (int i = 0; i < 2; i++) {
                    answers.add(
                            group.newMessage().value(payload(i)).timeout(LONG).sendAsync());
                }
                await().atMost(LONG).until(() -> group.producers().get(0).state() == ProducerState.RECONNECTING);
                await().during(Duration.ofSeconds(3))
                        .atMost(LONG)
                        .until(() -> !group.producers().isEmpty()
                                && group.producers().get(0).restarts() == 0);
            } finally {
                Broker.pulsar().restart();
            }

            // Then the producer is left to reconnect, and all arrives in order
            assertThat(answers).allSatisfy(answer -> assertThat(answer).succeedsWithin(LONG));
            assertThat(group.producers().get(0).restarts()).isZero();
            assertThat(Broker.read(topic, Schema.STRING, 3))
                    .extracting(message -> message.getValue())
                    .containsExactly("before", payload(0), payload(1));
        }
    }

    @Test
    void aFullBudgetBlocksItsCallersWhoGoOnAsRoomIsMade() throws Exception {
        // Given room for ten messages, and eight threads that want to send fifty each
        String topic = Broker.freshTopic("budget");
        try (Vela vela = new PatientVela(Vela.connect(Broker.url()))) {
            ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                    .topic(topic)
                    .maxPendingMessages(10)
                    .start();

            // When they send
            List<CompletableFuture<Boolean>> threads = IntStream.range(0, 8)
                    .mapToObj(thread -> CompletableFuture.supplyAsync(
                            () -> {
                                List<CompletableFuture<MessageId>> answers = new ArrayList<>();
                                for (int i = 0; i < 50; i++) {
                                    answers.add(group.sendAsync(thread + "-" + i));
                                }
                                return answers.stream().allMatch(answer -> answer.join() != null);
                            },
                            task -> new Thread(task).start()))
                    .toList();

            // Then all arrive
            assertThat(threads)
                    .allSatisfy(
                            thread -> assertThat(thread).succeedsWithin(LONG).isEqualTo(true));
            assertThat(Broker.read(topic, Schema.STRING, 400)).hasSize(400);
            assertThat(vela.snapshot().pendingMessages()).isZero();
        }
    }

    @Test
    void aFullBudgetFailsWhoDoesNotWaitAndWhoWaitedForHisWholeTimeout() throws Exception {
        // Given room for one message, taken while the broker is frozen
        try (Vela vela = new PatientVela(Vela.connect(Broker.url()))) {
            ProducerGroup<String> patient = vela.newProducerGroup(Schema.STRING)
                    .topic(Broker.freshTopic("patient"))
                    .maxPendingMessages(1)
                    .start();
            ProducerGroup<String> hasty = vela.newProducerGroup(Schema.STRING)
                    .topic(Broker.freshTopic("hasty"))
                    .maxPendingMessages(1)
                    .blockIfQueueFull(false)
                    .start();
            patient.awaitReady(LONG);
            hasty.awaitReady(LONG);
            Broker.pulsar().freeze();
            try {
                CompletableFuture<MessageId> first = patient.sendAsync("taken");
                CompletableFuture<MessageId> second = hasty.sendAsync("taken");

                // When more is sent, then the one waits for its timeout, the other does not
                assertThat(catchThrowable(() -> patient.newMessage()
                                .value("v")
                                .timeout(Duration.ofMillis(500))
                                .send()))
                        .isInstanceOf(BudgetExceededException.class);
                assertThat(hasty.sendAsync("v"))
                        .failsWithin(LONG)
                        .withThrowableOfType(ExecutionException.class)
                        .withCauseInstanceOf(BudgetExceededException.class);
                Broker.pulsar().thaw();
                assertThat(first).succeedsWithin(LONG);
                assertThat(second).succeedsWithin(LONG);
            } finally {
                Broker.pulsar().thaw();
            }
            assertThat(vela.snapshot().pendingMessages()).isZero();
        }
    }
}
