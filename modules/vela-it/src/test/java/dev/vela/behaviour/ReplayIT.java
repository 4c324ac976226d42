package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vela.Backoff;
import dev.vela.Batching;
import dev.vela.InFlightPolicy;
import dev.vela.Outcome;
import dev.vela.ProducerDiedException;
import dev.vela.ProducerGroup;
import dev.vela.ProducerState;
import dev.vela.SendTimeoutException;
import dev.vela.Snapshot;
import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A producer dies, and its successor sends again what was in flight. */
class ReplayIT {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final Duration LIMIT = Duration.ofSeconds(2);

    @AutoClose
    private final Wire wire = new Wire();

    @AutoClose
    private final Vela vela = new PatientVela(Vela.builder()
            .serviceUrl(Broker.url())
            .customizeClient(client -> {
                wire.join(client);
                client.maxBackoffInterval(
                        1, TimeUnit.SECONDS); // by default it grows with the time without a connection
            })
            .build());

    private final Saboteur saboteur = new Saboteur();
    private final Gate gate = new Gate();

    ReplayIT() throws PulsarClientException {}

    static Stream<@Nullable Batching> batchings() {
        return Stream.of(
                null,
                Batching.defaults().withMaxMessages(7),
                Batching.defaults().withKeyBased());
    }

    /**
     * With a subscription: what nobody has subscribed to is deleted when a broker that deduplicates loads the topic
     * anew.
     */
    private static String topic(boolean deduplicated) throws PulsarClientException {
        String namespace = Broker.freshNamespace("replay");
        Broker.admin().setDeduplication(namespace, deduplicated);
        String topic = "persistent://" + namespace + "/orders";
        Broker.admin().createTopic(topic);
        Broker.subscribe(topic, Schema.STRING).close();
        return topic;
    }

    private ProducerGroup<String> start(String topic, int producers, @Nullable Batching batching)
            throws PulsarClientException {
        var builder = vela.newProducerGroup(Schema.STRING)
                .topic(topic)
                .producers(producers)
                .inFlightPolicy(InFlightPolicy.REPLAY)
                .maxDisconnectedTime(LIMIT)
                .backoff(Backoff.exponential(Duration.ofMillis(100), Duration.ofSeconds(1)))
                .customize(official -> {
                    gate.pass(official);
                    saboteur.join(official);
                });
        if (batching != null) {
            builder.batching(batching);
        }
        ProducerGroup<String> group = builder.start();
        group.awaitReady(LONG);
        return group;
    }

    private static List<CompletableFuture<MessageId>> send(ProducerGroup<String> group, int from, int to) {
        List<CompletableFuture<MessageId>> answers = new ArrayList<>();
        for (int i = from; i < to; i++) {
            answers.add(group.newMessage().key("k").value("m" + i).timeout(LONG).sendAsync());
        }
        return answers;
    }

    private static List<MessageId> receipts(List<CompletableFuture<MessageId>> answers) {
        assertThat(answers).allSatisfy(answer -> assertThat(answer).succeedsWithin(LONG));
        return answers.stream().map(CompletableFuture::join).toList();
    }

    private static void assertStored(String topic, int count) throws PulsarClientException {
        assertThat(Broker.readAll(topic, Schema.STRING))
                .extracting(Message::getValue)
                .containsExactlyElementsOf(
                        IntStream.range(0, count).mapToObj(i -> "m" + i).toList());
    }

    private static Snapshot.Producer onlyOne(ProducerGroup<?> group) {
        return group.snapshot().groups().get(0).producers().get(0);
    }

    /** The connection is away for so long that all producers are given up. */
    private void loseProducers(ProducerGroup<?> group) {
        wire.down();
        await().atMost(LONG).until(() -> group.producers().isEmpty());
    }

    @AfterEach
    void nothingIsHeld() {
        wire.releaseAnswers();
        wire.up();
        await().atMost(LONG).until(() -> vela.snapshot().pendingMessages() == 0);
        assertThat(vela.snapshot().pendingBytes()).isZero();
    }

    @ParameterizedTest
    @MethodSource("batchings")
    void whatWasStoredAndNotHeardOfIsNotStoredAgain(@Nullable Batching batching) throws Exception {
        // Given messages that are stored, and receipts that do not come
        String topic = topic(true);
        ProducerGroup<String> group = start(topic, 1, batching);
        wire.holdAnswers();
        List<CompletableFuture<MessageId>> answers = send(group, 0, 30);
        CompletableFuture<Void> flushed = group.flushAsync();
        assertThat(Broker.read(topic, Schema.STRING, 30)).hasSize(30);

        // When their producer dies, and a successor comes
        loseProducers(group);
        assertThat(answers).noneMatch(CompletableFuture::isDone);
        List<CompletableFuture<MessageId>> newer = send(group, 30, 40);
        wire.releaseAnswers();
        wire.up();

        // Then
        assertThat(receipts(answers)).allMatch(SupervisedProducer::isDuplicate);
        assertThat(receipts(newer)).noneMatch(SupervisedProducer::isDuplicate);
        assertThat(flushed).succeedsWithin(LONG);
        assertThat(onlyOne(group).restarts()).isPositive();
        assertStored(topic, 40);
    }

    @ParameterizedTest
    @MethodSource("batchings")
    void whatNeverArrivedIsStoredBeforeAnythingNewer(@Nullable Batching batching) throws Exception {
        // Given messages that a producer has, and cannot send
        String topic = topic(true);
        ProducerGroup<String> group = start(topic, 1, batching);
        receipts(send(group, 0, 10));
        wire.down();
        await().atMost(LONG).until(() -> !group.isConnected());
        List<CompletableFuture<MessageId>> answers = send(group, 10, 40);
        CompletableFuture<Void> flushed = group.flushAsync();

        // When it dies, and a successor comes
        loseProducers(group);
        List<CompletableFuture<MessageId>> newer = send(group, 40, 50);
        wire.up();

        // Then
        assertThat(receipts(answers)).noneMatch(SupervisedProducer::isDuplicate);
        receipts(newer);
        assertThat(flushed).succeedsWithin(LONG);
        assertStored(topic, 50);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsKeptForASuccessorHoldsUpNoOtherKey(boolean batching) throws Exception {
        // Given a group of two, one of which died with a message that it had not sent, and has no successor yet
        String topic = topic(true);
        ProducerGroup<String> group = start(topic, 2, batching ? Batching.defaults() : null);
        wire.down();
        await().atMost(LONG).until(() -> !group.isConnected());
        List<CompletableFuture<MessageId>> answers = new ArrayList<>(send(group, 0, 1));
        gate.close();
        saboteur.killLast();
        await().atMost(LONG).until(() -> group.producers().size() < 2);
        wire.up();
        await().atMost(LONG).until(group::isConnected);

        // When more comes of its key, and of others
        answers.addAll(send(group, 1, 3));
        List<CompletableFuture<MessageId>> others = IntStream.range(0, 20)
                .mapToObj(i -> group.newMessage()
                        .key("other " + i)
                        .value("other")
                        .timeout(LONG)
                        .sendAsync())
                .toList();

        // Then the others are stored, but for what may share its place by chance
        await().atMost(LONG)
                .until(() -> others.stream().filter(CompletableFuture::isDone).count() >= 15);
        assertThat(answers).noneMatch(CompletableFuture::isDone);

        // And once there is a successor, it is stored in order
        gate.open();
        receipts(answers);
        receipts(others);
        assertThat(Broker.readAll(topic, Schema.STRING))
                .filteredOn(message -> message.getKey().equals("k"))
                .extracting(Message::getValue)
                .containsExactly("m0", "m1", "m2");
    }

    @Test
    void whatTimesOutMeanwhileIsSentAgainAllTheSame() throws Exception {
        // Given
        String topic = topic(true);
        ProducerGroup<String> group = start(topic, 1, null);
        wire.down();
        await().atMost(LONG).until(() -> !group.isConnected());
        CompletableFuture<MessageId> hasty =
                group.newMessage().value("m0").timeout(Duration.ofSeconds(1)).sendAsync();
        List<CompletableFuture<MessageId>> patient = send(group, 1, 3);

        // When
        loseProducers(group);
        Answers.unknown(hasty, SendTimeoutException.class);
        wire.up();

        // Then
        receipts(patient);
        assertStored(topic, 3);
    }

    @Test
    void whatIsInFlightWhenAProducerIsFencedIsNotSentAgain() throws Exception {
        // Given
        String topic = topic(true);
        ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                .topic(topic)
                .accessMode(ProducerAccessMode.ExclusiveWithFencing)
                .inFlightPolicy(InFlightPolicy.REPLAY)
                .start();
        group.awaitReady(LONG);
        wire.down();
        await().atMost(LONG).until(() -> !group.isConnected());
        CompletableFuture<MessageId> answer =
                group.newMessage().value("late").timeout(LONG).sendAsync();

        // When
        try (Producer<String> rival = Broker.client()
                .newProducer(Schema.STRING)
                .topic(topic)
                .accessMode(ProducerAccessMode.ExclusiveWithFencing)
                .create()) {
            rival.send("m0");
            wire.up();

            // Then
            assertThat(answer).failsWithin(LONG);
            Throwable failure = answer.handle((id, cause) -> cause).join();
            assertThat(failure).isInstanceOf(ProducerDiedException.class);
            assertThat(Outcome.of(failure)).isEqualTo(Outcome.UNKNOWN);
            await().atMost(LONG).until(() -> onlyOne(group).state() == ProducerState.FENCED);
        }
        assertStored(topic, 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aMessageInChunksIsStoredOnceAndWhole(boolean arrives) throws Exception {
        // Given one that is stored and not heard of, or that never arrives
        String topic = topic(true);
        ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                .topic(topic)
                .enableChunking(true)
                .chunkMaxMessageSize(10_000)
                .inFlightPolicy(InFlightPolicy.REPLAY)
                .maxDisconnectedTime(LIMIT)
                .start();
        group.awaitReady(LONG);
        if (arrives) {
            wire.holdAnswers();
        } else {
            wire.down();
            await().atMost(LONG).until(() -> !group.isConnected());
        }
        String large = "m".repeat(50_000);
        CompletableFuture<MessageId> answer =
                group.newMessage().value(large).timeout(LONG).sendAsync();
        if (arrives) {
            assertThat(Broker.read(topic, Schema.STRING, 1)).hasSize(1);
        }

        // When its producer dies, and a successor comes
        loseProducers(group);
        CompletableFuture<MessageId> newer =
                group.newMessage().value("newer").timeout(LONG).sendAsync();
        wire.releaseAnswers();
        wire.up();

        // Then
        assertThat(receipts(List.of(answer, newer))).last().matches(id -> !SupervisedProducer.isDuplicate(id));
        if (!arrives) { // if it did, the client may take the receipt of one chunk for that of another
            assertThat(SupervisedProducer.isDuplicate(answer.join())).isFalse();
        }
        assertThat(Broker.readAll(topic, Schema.STRING))
                .extracting(Message::getValue)
                .containsExactly(large, "newer");
        assertThat(onlyOne(group).restarts()).isPositive();
    }

    // ---- under load

    @Test
    void underAnyFaultEachMessageIsStoredOnceInOrderWhereTheBrokerDeduplicates() throws Exception {
        underAnyFaultEachMessageIsStoredOnceInOrderWhereTheBrokerDeduplicates(
                Batching.defaults().withMaxMessages(7));
    }

    @ParameterizedTest
    @MethodSource("batchings")
    @Tag("full")
    void underAnyFaultEachMessageIsStoredOnceInOrderWhereTheBrokerDeduplicates(@Nullable Batching batching)
            throws Exception {
        String topic = topic(true);
        ProducerGroup<String> group = start(topic, 3, batching);

        Load load = sendThroughFaults(group, topic);

        assertThat(load.awaitAnswers(LONG)).isEmpty();
        assertThat(onlyOne(group).restarts()).isPositive();
        load.assertStoredOnce(topic);
    }

    @Tag("full")
    @Test
    void underAnyFaultNothingIsLostWithoutDeduplication() throws Exception {
        underAnyFaultNothingIsLostWithoutDeduplication(null);
    }

    @ParameterizedTest
    @MethodSource("batchings")
    @Tag("full")
    void underAnyFaultNothingIsLostWithoutDeduplication(@Nullable Batching batching) throws Exception {
        String topic = topic(false);
        ProducerGroup<String> group = start(topic, 3, batching);

        Load load = sendThroughFaults(group, topic);

        assertThat(load.awaitAnswers(LONG)).isEmpty();
        load.assertStored(topic);
    }

    private Load sendThroughFaults(ProducerGroup<String> group, String topic) throws Exception {
        Load load = Load.on(group, 4, LONG);
        try (load) {
            for (int i = 0; i < 3; i++) {
                load.awaitMoreAcknowledged(100, LONG);
                saboteur.killLast();
            }
            load.awaitMoreAcknowledged(100, LONG);
            wire.holdAnswers();
            loseProducers(group);
            wire.releaseAnswers();
            wire.up();
            load.awaitMoreAcknowledged(100, LONG);
            Broker.admin().unloadTopic(topic);
            load.awaitMoreAcknowledged(100, LONG);
            wire.cut();
            saboteur.killLast();
            load.awaitMoreAcknowledged(100, LONG);
            try {
                Broker.pulsar().kill();
            } finally {
                Broker.pulsar().restart();
            }
            load.awaitMoreAcknowledged(100, LONG);
        }
        return load;
    }
}
