package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.vela.HandleState;
import dev.vela.PartitionedProducer;
import dev.vela.ProducerGroup;
import dev.vela.ProducerState;
import dev.vela.SendFailure;
import dev.vela.SendTimeoutException;
import dev.vela.Snapshot;
import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The broker is killed, or away, or frozen. */
class BrokerLossIT {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private static void assertNothingPending(Vela vela) {
        await().atMost(LONG).until(() -> vela.snapshot().pendingMessages() == 0);
        assertThat(vela.snapshot().pendingBytes()).isZero();
        assertThat(vela.snapshot().topics().stream()
                        .flatMap(topic -> topic.groups().stream())
                        .toList())
                .allMatch(group -> group.pendingMessages() == 0 && group.pendingBytes() == 0 && group.waiting() == 0);
    }

    @Test
    void isKilledAndRestartedInTheMiddleOfALoad() throws Exception {
        // Given a group of three and a partitioned producer under load
        String plain = Broker.freshTopic("killed");
        String partitioned = Broker.freshPartitionedTopic("killed", 3);
        try (Vela vela = new PatientVela(Vela.connect(Broker.url()))) {
            ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                    .topic(plain)
                    .producers(3)
                    .start();
            PartitionedProducer<String> producer = vela.newPartitionedProducer(Schema.STRING)
                    .topic(partitioned)
                    .start();
            Load toGroup = Load.on(group, 4, TIMEOUT);
            Load toPartitions = Load.on(producer, 4, TIMEOUT);
            try (toGroup;
                    toPartitions) {
                toGroup.awaitMoreAcknowledged(500, LONG);
                toPartitions.awaitMoreAcknowledged(500, LONG);

                // When the broker is killed, and comes back
                try {
                    Broker.pulsar().kill();
                } finally {
                    Broker.pulsar().restart();
                }

                // Then sending goes on by itself
                toGroup.awaitMoreAcknowledged(500, LONG);
                toPartitions.awaitMoreAcknowledged(500, LONG);
            }

            // And every message is answered, truly
            List<Throwable> failures = new ArrayList<>(toGroup.awaitAnswers(LONG));
            failures.addAll(toPartitions.awaitAnswers(LONG));
            assertThat(failures).allMatch(failure -> failure instanceof SendFailure);
            assertNothingPending(vela);
            toGroup.assertStored(plain);
            toPartitions.assertStored(partitioned);
        }
    }

    @Test
    void isFrozenAndThawed() throws Exception {
        // Given producers that have sent
        String topic = Broker.freshPartitionedTopic("frozen", 2);
        try (Vela vela = new PatientVela(Vela.connect(Broker.url()))) {
            SupervisedProducer<String> producer =
                    vela.newProducer(Schema.STRING).topic(topic).start();
            producer.awaitReady(LONG);
            producer.send("before");

            // When the broker is frozen
            List<CompletableFuture<MessageId>> hasty = new ArrayList<>();
            List<CompletableFuture<MessageId>> patient = new ArrayList<>();
            Broker.pulsar().freeze();
            try {
                for (int i = 0; i < 10; i++) {
                    hasty.add(frozen(producer, "hasty " + i, Duration.ofSeconds(1)));
                    patient.add(frozen(producer, "patient " + i, Duration.ofMinutes(10)));
                }

                // Then each message fails at its own time, and nobody claims to know
                hasty.forEach(answer -> Answers.unknown(answer, SendTimeoutException.class));
                assertThat(patient).noneMatch(CompletableFuture::isDone);
                Throwable blocked = catchThrowable(() -> producer.newMessage()
                        .value("blocked")
                        .timeout(Duration.ofSeconds(1))
                        .send());
                assertThat(blocked).isInstanceOf(SendTimeoutException.class);
                assertThat(vela.snapshot().pendingMessages()).isEqualTo(21);
            } finally {
                Broker.pulsar().thaw();
            }

            // And once it thaws, those that waited arrive, sends work and the room is given back
            patient.forEach(Answers::receipt);
            producer.newMessage().value("after").timeout(LONG).send();
            assertNothingPending(vela);
        }
    }

    private static CompletableFuture<MessageId> frozen(
            SupervisedProducer<String> producer, String value, Duration timeout) {
        return producer.newMessage().value(value).timeout(timeout).sendAsync();
    }

    @Tag("full")
    @Test
    void isAwayForLongerThanAProducerMayBeDisconnected() throws Exception {
        // Given a producer that may be disconnected for two seconds
        String topic = Broker.freshTopic("away");
        try (Vela vela = new PatientVela(Vela.connect(Broker.url()))) {
            ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                    .topic(topic)
                    .maxDisconnectedTime(Duration.ofSeconds(2))
                    .start();
            group.send("before");
            CompletableFuture<MessageId> waiting;

            // When the broker is away for longer
            try {
                Broker.pulsar().kill();
                await().atMost(LONG).until(() -> onlyOne(group).lastCause().isPresent());

                // Then the producer is replaced, visibly
                assertThat(onlyOne(group).lastCause().orElseThrow()).hasMessageContaining("not connected");
                assertThat(onlyOne(group).state()).isIn(ProducerState.STARTING, ProducerState.RESTARTING);
                waiting = group.newMessage().value("waiting").timeout(LONG).sendAsync();
                await().atMost(LONG).until(() -> onlyOne(group).restarts() == 1);
            } finally {
                Broker.pulsar().restart();
            }

            // And it sends once the broker is back, the message that waited first
            group.newMessage().value("after").timeout(LONG).send();
            assertThat(waiting).succeedsWithin(LONG);
            assertThat(group.state()).isEqualTo(HandleState.READY);
            assertThat(Broker.read(topic, Schema.STRING, 3))
                    .extracting(message -> message.getValue())
                    .containsExactly("before", "waiting", "after");
            assertNothingPending(vela);
        }
    }

    private static Snapshot.Producer onlyOne(ProducerGroup<?> group) {
        return group.snapshot().groups().get(0).producers().get(0);
    }

    @Test
    void isNotThereYetWhenTheApplicationStarts() throws Exception {
        // Given no broker
        String topic = Broker.freshTopic("early");
        List<CompletableFuture<MessageId>> answers = new ArrayList<>();
        Broker.pulsar().kill();
        boolean restarted = false;
        try (Vela vela = new PatientVela(Vela.connect(Broker.url()))) {
            // When a group is started and sent to
            CompletableFuture<ProducerGroup<String>> started = CompletableFuture.supplyAsync(() -> start(vela, topic));
            assertThat(started).succeedsWithin(LONG);
            ProducerGroup<String> group = started.join();
            for (int i = 0; i < 50; i++) {
                answers.add(group.newMessage().value("early " + i).timeout(LONG).sendAsync());
            }
            assertThat(group.snapshot().groups().get(0).waiting()).isEqualTo(50);
            assertThat(answers).noneMatch(CompletableFuture::isDone);

            // Then all is delivered, in order, when the broker comes up
            Broker.pulsar().restart();
            restarted = true;
            group.awaitReady(LONG);
            assertThat(answers).allSatisfy(answer -> assertThat(answer).succeedsWithin(LONG));
            assertThat(Broker.read(topic, Schema.STRING, 50))
                    .extracting(message -> message.getValue())
                    .containsExactlyElementsOf(
                            IntStream.range(0, 50).mapToObj(i -> "early " + i).toList());
            assertNothingPending(vela);
        } finally {
            if (!restarted) {
                Broker.pulsar().restart();
            }
        }
    }

    private static ProducerGroup<String> start(Vela vela, String topic) {
        try {
            return vela.newProducerGroup(Schema.STRING).topic(topic).start();
        } catch (PulsarClientException e) {
            throw new IllegalStateException(e);
        }
    }
}
