package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vela.Backoff;
import dev.vela.Batching;
import dev.vela.HandleState;
import dev.vela.NoProducersAvailableException;
import dev.vela.SupervisedProducer;
import dev.vela.SupervisedProducerBuilder;
import dev.vela.Vela;
import dev.vela.VelaEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shortest program there is: start, send, close. What was accepted is stored, however early the close comes. */
class EarlyCloseIT {
    private static final Duration SOON = Duration.ofMinutes(1);
    private static final int TIMES = 40;

    private final Journal journal = new Journal();

    @AutoClose
    private final Vela vela = new PatientVela(
            Vela.builder().client(Broker.client()).listener(journal).build());

    EarlyCloseIT() throws Exception {}

    private SupervisedProducerBuilder<String, SupervisedProducer<String>> producer(String kind, String topic) {
        SupervisedProducerBuilder<String, SupervisedProducer<String>> builder =
                vela.newProducer(Schema.STRING).topic(topic);
        return kind.contains("batched") ? builder.batching(Batching.defaults()) : builder;
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "plain, batched", "partitioned", "partitioned, batched"})
    void storesWhatWasAcceptedThoughItIsClosedAtOnce(String kind) throws Exception {
        String topic =
                kind.startsWith("partitioned") ? Broker.freshPartitionedTopic("early", 3) : Broker.freshTopic("early");
        List<String> values = new ArrayList<>();
        List<CompletableFuture<MessageId>> answers = new ArrayList<>();

        for (int i = 0; i < TIMES; i++) {
            try (SupervisedProducer<String> producer = producer(kind, topic).start()) {
                values.add("v-" + i);
                answers.add(producer.sendAsync("v-" + i));
            }
        }

        assertThat(answers).allMatch(CompletableFuture::isDone);
        answers.forEach(Answers::receipt);
        assertThat(Broker.readAll(topic, Schema.STRING))
                .extracting(Message::getValue)
                .containsExactlyInAnyOrderElementsOf(values);
        assertThat(journal.types(topic)).doesNotContain(VelaEvent.Type.FAILED, VelaEvent.Type.GROUP_FAILED);
    }

    @Test
    void storesWhatWaitedForTheRestartOfTheWholeGroup() throws Exception {
        // Given a group that does not survive its producer's death, and is about to be started again
        Saboteur saboteur = new Saboteur();
        String topic = Broker.freshTopic("early");
        SupervisedProducer<String> group = vela.newProducerGroup(Schema.STRING)
                .topic(topic)
                .restartIntensity(0, Duration.ofMinutes(1))
                .customize(saboteur::join)
                .start();
        group.send("before");
        saboteur.killLast();
        await().atMost(SOON).until(() -> group.state() == HandleState.RESTARTING);
        CompletableFuture<MessageId> waiting = group.sendAsync("meanwhile");

        // When
        CompletableFuture<Void> closed = group.closeAsync();

        // Then
        assertThat(group.state()).isIn(HandleState.RESTARTING, HandleState.STOPPING);
        Answers.receipt(waiting);
        Answers.value(closed);
        assertThat(group.state()).isEqualTo(HandleState.STOPPED);
        assertThat(journal.types(topic)).doesNotContain(VelaEvent.Type.FAILED);
    }

    @Test
    void storesWhatWaitedForABrokerThatComesBackDuringTheDrain() throws Exception {
        try (Wire wire = new Wire();
                Vela wired =
                        new PatientVela(wire.velaBuilder().listener(journal).build())) {
            // Given
            wire.down();
            String topic = Broker.freshTopic("early");
            SupervisedProducer<String> producer = wired.newProducerGroup(Schema.STRING)
                    .topic(topic)
                    .backoff(Backoff.exponential(Duration.ofMillis(10), Duration.ofMillis(100)))
                    .start();
            CompletableFuture<MessageId> waiting = producer.sendAsync("v");

            // When
            CompletableFuture<Void> stopped = producer.stopAsync(SOON);
            await().atMost(SOON).until(() -> producer.state() == HandleState.STOPPING);
            Answers.notSent(producer.sendAsync("too late"), NoProducersAvailableException.class);
            wire.up();

            // Then
            Answers.receipt(waiting);
            Answers.value(stopped);
            assertThat(journal.types(topic)).doesNotContain(VelaEvent.Type.FAILED, VelaEvent.Type.GROUP_FAILED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"its own timeout", "the deadline of the stop"})
    void endsInTimeWhereTheBrokerStaysAway(String whichEndsIt) throws Exception {
        try (Wire wire = new Wire();
                Vela wired =
                        new PatientVela(wire.velaBuilder().listener(journal).build())) {
            // Given
            wire.down();
            String topic = Broker.freshTopic("early");
            boolean own = whichEndsIt.startsWith("its own");
            SupervisedProducer<String> producer =
                    wired.newProducerGroup(Schema.STRING).topic(topic).start();

            // When
            CompletableFuture<MessageId> waiting = producer.newMessage()
                    .value("v")
                    .timeout(own ? Duration.ofMillis(300) : Duration.ofHours(1))
                    .sendAsync();
            CompletableFuture<Void> stopped = producer.stopAsync(own ? Duration.ofHours(1) : Duration.ofMillis(300));

            // Then
            Answers.notSent(waiting, NoProducersAvailableException.class);
            Answers.value(stopped);
            assertThat(journal.types(topic)).doesNotContain(VelaEvent.Type.FAILED, VelaEvent.Type.GROUP_FAILED);
        }
    }
}
