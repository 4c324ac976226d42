package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vela.Batching;
import dev.vela.HandleState;
import dev.vela.Outcome;
import dev.vela.ProducerDiedException;
import dev.vela.ProducerGroup;
import dev.vela.SendTimeoutException;
import dev.vela.Vela;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Messages that share entries while producers die and connections break. */
class BatchFaultsIT {
    private static final Duration SOON = Duration.ofMinutes(1);
    private static final Duration UNTIL_FLUSHED = Duration.ofSeconds(25); // less than the timeout of a message

    @AutoClose
    private final Wire wire = new Wire();

    @AutoClose
    private final Vela vela = new PatientVela(wire.velaBuilder().build());

    private final String topic = Broker.freshTopic("faults");
    private final Saboteur saboteur = new Saboteur();

    BatchFaultsIT() throws PulsarClientException {}

    private ProducerGroup<String> start(Batching batching) throws PulsarClientException {
        ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                .topic(topic)
                .batching(batching)
                .maxDisconnectedTime(Duration.ofMinutes(10)) // only the saboteur kills
                .customize(saboteur::join)
                .start();
        group.awaitReady(SOON);
        return group;
    }

    @AfterEach
    void nothingIsHeld() {
        await().atMost(SOON).until(() -> vela.snapshot().pendingMessages() == 0);
        assertThat(vela.snapshot().pendingBytes()).isZero();
    }

    @Test
    void deathsUnderLoadAreAnsweredHonestlyAndLoseNothing() throws Exception {
        ProducerGroup<String> group = start(Batching.defaults());
        Load load = Load.on(group, 4, SOON);
        try (load) {
            for (int kill = 0; kill < 3; kill++) {
                load.awaitMoreAcknowledged(200, SOON);
                saboteur.killLast();
            }
            load.awaitMoreAcknowledged(200, SOON);
        }

        assertThat(load.awaitAnswers(SOON)).allSatisfy(failure -> {
            assertThat(failure).isInstanceOf(ProducerDiedException.class);
            assertThat(Outcome.of(failure)).isEqualTo(Outcome.UNKNOWN);
        });
        assertThat(group.state()).isEqualTo(HandleState.READY);
        assertThat(group.producers().get(0).restarts()).isEqualTo(3);
        load.assertStored(topic);
    }

    @Test
    void brokenConnectionsUnderLoadFailNothing() throws Exception {
        ProducerGroup<String> group = start(Batching.defaults());
        Load load = Load.on(group, 4, SOON);
        try (load) {
            load.awaitMoreAcknowledged(200, SOON);
            wire.cut();
            load.awaitMoreAcknowledged(200, SOON);
            Broker.admin().unloadTopic(topic);
            load.awaitMoreAcknowledged(200, SOON);
        }

        assertThat(load.awaitAnswers(SOON)).isEmpty();
        assertThat(group.producers().get(0).restarts()).isZero();
        load.assertStored(topic);
    }

    @Test
    void aDeathAnswersTheEntryThatLeftAndSendsTheOneThatHadNot() throws Exception {
        // Given an entry that left and got no answer, and one that is being filled
        ProducerGroup<String> group =
                start(Batching.defaults().withFlush(Batching.Flush.AT_INTERVAL).withFlushInterval(UNTIL_FLUSHED));
        wire.holdAnswers();
        List<CompletableFuture<MessageId>> left = send(group, 0, 5);
        CompletableFuture<Void> flushed = group.flushAsync();
        List<CompletableFuture<MessageId>> open = send(group, 5, 10);

        // When their producer dies
        saboteur.killLast();

        // Then nobody knows of the former, and the latter is sent by its successor
        left.forEach(answer -> Answers.unknown(answer, ProducerDiedException.class));
        Answers.failure(flushed, ProducerDiedException.class);
        wire.releaseAnswers();
        group.awaitReady(SOON);
        group.flush();
        open.forEach(Answers::receipt);
        assertThat(Broker.read(topic, Schema.STRING, 10))
                .extracting(Message::getValue)
                .containsExactlyElementsOf(
                        IntStream.range(0, 10).mapToObj(i -> "m" + i).toList());
    }

    private static List<CompletableFuture<MessageId>> send(ProducerGroup<String> group, int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> group.sendAsync("m" + i)).toList();
    }

    @Test
    void aTimeoutConcernsNoOtherMessageOfTheEntry() throws Exception {
        // Given an entry that leaves with the message that is in a hurry
        ProducerGroup<String> group =
                start(Batching.defaults().withFlush(Batching.Flush.AT_INTERVAL).withFlushInterval(UNTIL_FLUSHED));
        wire.holdAnswers();

        CompletableFuture<MessageId> first = group.sendAsync("first");
        CompletableFuture<MessageId> second = group.sendAsync("second");
        CompletableFuture<MessageId> hasty =
                group.newMessage().value("hasty").timeout(Duration.ofSeconds(2)).sendAsync();

        Answers.unknown(hasty, SendTimeoutException.class);
        assertThat(first).isNotDone();
        assertThat(second).isNotDone();
        wire.releaseAnswers();
        List<Message<String>> stored = Broker.read(topic, Schema.STRING, 3);
        assertThat(stored).extracting(Message::getValue).containsExactly("first", "second", "hasty");
        assertThat(DeliveredEntries.sizes(stored)).containsExactly(3);
        Answers.assertSameId(Answers.receipt(first), stored.get(0).getMessageId());
        Answers.assertSameId(Answers.receipt(second), stored.get(1).getMessageId());
        await().atMost(SOON).until(() -> vela.snapshot().pendingMessages() == 0);
    }
}
