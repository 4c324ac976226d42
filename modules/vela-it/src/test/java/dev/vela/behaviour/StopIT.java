package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vela.HandleState;
import dev.vela.NoProducersAvailableException;
import dev.vela.Outcome;
import dev.vela.ProducerDiedException;
import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A producer's end, with messages under way. */
class StopIT {
    private static final Duration SOON = Duration.ofMinutes(1);

    @AutoClose
    private final Vela vela = Broker.vela();

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void stoppingWhileSendingAnswersEveryFutureHonestly(int partitions) throws Exception {
        // Given
        String topic = partitions == 0 ? Broker.freshTopic("stop") : Broker.freshPartitionedTopic("stop", partitions);
        SupervisedProducer<String> producer =
                vela.newProducer(Schema.STRING).topic(topic).start();
        producer.awaitReady(SOON);
        Map<String, CompletableFuture<MessageId>> answers = new ConcurrentHashMap<>();
        List<Thread> senders = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            String sender = "sender-" + i + "-";
            senders.add(new Thread(() -> sendUntilRefused(producer, sender, answers)));
        }

        // When
        senders.forEach(Thread::start);
        await().atMost(SOON).until(() -> producer.getStats().getTotalAcksReceived() > 500);
        producer.stop(SOON);
        for (Thread sender : senders) {
            sender.join(SOON.toMillis());
        }

        // Then
        assertThat(senders).noneMatch(Thread::isAlive);
        assertThat(answers.values()).allMatch(CompletableFuture::isDone);
        List<String> stored = new ArrayList<>();
        answers.forEach((value, answer) -> {
            if (answer.isCompletedExceptionally()) {
                assertThat(Outcome.of(Answers.failure(answer, PulsarClientException.class)))
                        .isEqualTo(Outcome.NOT_SENT);
            } else {
                stored.add(value);
            }
        });
        assertThat(Broker.readAll(topic, Schema.STRING))
                .extracting(Message::getValue)
                .containsExactlyInAnyOrderElementsOf(stored);
        assertThat(vela.snapshot().pendingMessages()).isZero();
        assertThat(vela.snapshot().pendingBytes()).isZero();
    }

    private static void sendUntilRefused(
            SupervisedProducer<String> producer, String sender, Map<String, CompletableFuture<MessageId>> answers) {
        int number = 0;
        CompletableFuture<MessageId> answer;
        do {
            String value = sender + number++;
            answer = producer.sendAsync(value);
            answers.put(value, answer);
        } while (!answer.isCompletedExceptionally() && number < 1_000_000);
    }

    @Test
    void stoppedProducerFailsSendsAtOnceAsNotSent() throws Exception {
        SupervisedProducer<String> producer =
                vela.newProducer(Schema.STRING).topic(Broker.freshTopic("stop")).start();
        producer.close();

        NoProducersAvailableException failure = Answers.notSent(
                producer.newMessage().value("v").timeout(Duration.ofMinutes(10)).sendAsync(),
                NoProducersAvailableException.class);

        assertThat(failure).hasCauseInstanceOf(PulsarClientException.AlreadyClosedException.class);
        assertThat(producer.state()).isEqualTo(HandleState.STOPPED);
        assertThat(producer.producers()).isEmpty();
        producer.close();
    }

    @Test
    void stopWithoutDrainAnswersWhatHasLeftAsUnknown() throws Exception {
        try (Wire wire = new Wire();
                Vela wired = new PatientVela(wire.velaBuilder().build())) {
            SupervisedProducer<String> producer = wired.newProducer(Schema.STRING)
                    .topic(Broker.freshTopic("stop"))
                    .start();
            producer.awaitReady(SOON);
            wire.holdAnswers();
            CompletableFuture<MessageId> left = producer.sendAsync("v");

            producer.stopAsync(Duration.ZERO);

            Answers.unknown(left, ProducerDiedException.class);
            wire.releaseAnswers();
            await().atMost(SOON).until(() -> producer.state() == HandleState.STOPPED);
        }
    }

    @Test
    void whoWaitsForRoomThatAnotherHoldsDoesNotHoldUpAStop() throws Exception {
        // Given a runtime whose room is held by what cannot leave, and a sender of another topic who waits for some
        try (Vela small = new PatientVela(
                Vela.builder().serviceUrl(Broker.url()).maxPendingMessages(1).build())) {
            SupervisedProducer<String> stuck = small.newProducerGroup(Schema.STRING)
                    .topic("persistent://nobody/knows/this")
                    .start();
            SupervisedProducer<String> producer = small.newProducer(Schema.STRING)
                    .topic(Broker.freshTopic("stop"))
                    .start();
            producer.awaitReady(SOON);
            CompletableFuture<MessageId> held = stuck.newMessage()
                    .value("v")
                    .timeout(Duration.ofMinutes(10))
                    .sendAsync();
            CompletableFuture<CompletableFuture<MessageId>> sender =
                    CompletableFuture.supplyAsync(() -> producer.newMessage()
                            .value("v")
                            .timeout(Duration.ofMinutes(10))
                            .sendAsync());
            await().during(Duration.ofMillis(200)).atMost(SOON).until(() -> !sender.isDone());

            // When
            CompletableFuture<Void> stopped = producer.stopAsync(Duration.ofMillis(100));

            // Then
            Answers.value(stopped);
            Answers.notSent(sender.join(), NoProducersAvailableException.class);
            assertThat(held).isNotDone();
        }
    }

    @Test
    void aCallbackThatWaitsForTheStopDoesNotKeepItFromEnding() throws Exception {
        // Given
        SupervisedProducer<String> producer =
                vela.newProducer(Schema.STRING).topic(Broker.freshTopic("stop")).start();
        CompletableFuture<Void> called = new CompletableFuture<>();
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        producer.sendAsync("v").whenComplete((id, failure) -> {
            called.complete(null);
            stopped.join();
        });
        producer.sendAsync("behind it");
        Answers.value(called);

        // When
        producer.stopAsync(Duration.ofMillis(100)).thenRun(() -> stopped.complete(null));

        // Then
        Answers.value(stopped);
    }

    @Test
    void stopAnswersWhatNeverLeftAsNotSent() throws Exception {
        try (Wire wire = new Wire();
                Vela wired = new PatientVela(wire.velaBuilder().build())) {
            wire.down();
            SupervisedProducer<String> producer = wired.newProducerGroup(Schema.STRING)
                    .topic(Broker.freshTopic("stop"))
                    .start();
            CompletableFuture<MessageId> waiting = producer.sendAsync("v");

            CompletableFuture<Void> stopped = producer.stopAsync(Duration.ofMillis(100));

            Answers.notSent(waiting, NoProducersAvailableException.class);
            Answers.value(stopped);
        }
    }
}
