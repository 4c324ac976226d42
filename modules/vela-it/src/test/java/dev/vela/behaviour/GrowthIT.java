package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import dev.vela.Backoff;
import dev.vela.Batching;
import dev.vela.HandleState;
import dev.vela.KeyHash;
import dev.vela.PartitionedProducer;
import dev.vela.ProducerGroup;
import dev.vela.RestartIntensity;
import dev.vela.SendFailure;
import dev.vela.Snapshot;
import dev.vela.SupervisedProducer;
import dev.vela.SupervisedProducerBuilder;
import dev.vela.Vela;
import dev.vela.VelaEvent;
import dev.vela.local.LocalAdminException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.IntStream;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A topic gets more partitions while messages are sent to it. */
class GrowthIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final Journal journal = new Journal();
    private final Gate gate = new Gate();

    private Vela connected() throws Exception {
        return new PatientVela(
                Vela.builder().serviceUrl(Broker.url()).listener(journal).build());
    }

    private SupervisedProducerBuilder<String, PartitionedProducer<String>> builder(Vela vela, String topic) {
        return vela.newPartitionedProducer(Schema.STRING)
                .topic(topic)
                .backoff(Backoff.exponential(Duration.ofMillis(50), Duration.ofMillis(500)))
                .autoUpdatePartitionsInterval(INTERVAL)
                .customize(gate::pass);
    }

    private PartitionedProducer<String> ready(SupervisedProducerBuilder<String, PartitionedProducer<String>> described)
            throws Exception {
        PartitionedProducer<String> producer = described.start();
        producer.awaitReady(LONG);
        return producer;
    }

    private static void awaitPartitions(SupervisedProducer<?> producer, int partitions) {
        await().atMost(LONG).until(() -> producer.getNumOfPartitions() == partitions);
    }

    private static void awaitFound(SupervisedProducer<?> producer, int partitions) {
        await().atMost(LONG).until(() -> producer.snapshot().groups().size() == partitions);
    }

    private static List<String> topics(String topic, int partitions) {
        return IntStream.range(0, partitions)
                .mapToObj(i -> topic + "-partition-" + i)
                .toList();
    }

    private void assertGrewOnce(String topic) {
        await().atMost(LONG).until(() -> journal.types(topic).contains(VelaEvent.Type.PARTITIONS_GROWN));
        assertThat(journal.types(topic))
                .filteredOn(type -> type == VelaEvent.Type.PARTITIONS_GROWN)
                .hasSize(1);
    }

    private static void assertNothingPending(Vela vela) {
        await().atMost(LONG).until(() -> vela.snapshot().pendingMessages() == 0);
        assertThat(vela.snapshot().pendingBytes()).isZero();
    }

    // ---- growing

    @Test
    void losesAndMisroutesNothing() throws Exception {
        losesAndMisroutesNothing(true, 2);
    }

    @ParameterizedTest
    @CsvSource({"false, 1", "true, 1", "false, 2"})
    @Tag("full")
    void losesAndMisroutesNothing(boolean batched, int producers) throws Exception {
        // Given a producer of two partitions under a load of messages with keys and without
        String topic = Broker.freshPartitionedTopic("grows", 2);
        try (Vela vela = connected()) {
            SupervisedProducerBuilder<String, PartitionedProducer<String>> described =
                    builder(vela, topic).producers(producers);
            PartitionedProducer<String> producer = ready(batched ? described.batching(Batching.defaults()) : described);
            Set<Integer> seen = new ConcurrentSkipListSet<>();
            Load load = Load.on(producer, 6, TIMEOUT);
            try (load) {
                load.awaitMoreAcknowledged(500, LONG);

                // When the topic gets three more
                Broker.admin().updatePartitions(topic, 5);

                // Then all of them are used from one moment to the next
                await().atMost(LONG).pollInterval(Duration.ofMillis(1)).until(() -> {
                    seen.add(producer.getNumOfPartitions());
                    seen.add(producer.partitionGroups().size());
                    return producer.getNumOfPartitions() == 5;
                });
                load.awaitKeysMoved(KeyHash.PHASH2, 2, 5, LONG);
            }
            assertThat(load.awaitAnswers(TIMEOUT.plusSeconds(3))).isEmpty();
            load.assertKeysMovedOnce(KeyHash.PHASH2, 2, 5);
            assertThat(seen).containsExactly(2, 5);
            assertGrewOnce(topic);

            // And everything says so
            producer.awaitReady(LONG);
            assertThat(producer.partitionGroups().keySet()).containsExactlyElementsOf(topics(topic, 5));
            assertThat(producer.producers()).hasSize(5 * producers);
            assertThat(producer.snapshot().partitions()).isEqualTo(5);
            assertThat(producer.snapshot().groups())
                    .extracting(Snapshot.Group::topic)
                    .containsExactlyElementsOf(topics(topic, 5));
            assertNothingPending(vela);
            load.assertStored(topic);
            for (String partition : topics(topic, 5)) {
                assertThat(Broker.read(partition, Schema.STRING, 1))
                        .as(partition)
                        .hasSize(1);
            }
        }
    }

    @Test
    void listsTenAfterNine() throws Exception {
        String topic = Broker.freshPartitionedTopic("grows", 1);
        try (Vela vela = connected()) {
            PartitionedProducer<String> producer = ready(builder(vela, topic));

            Broker.admin().updatePartitions(topic, 12);
            awaitPartitions(producer, 12);

            assertThat(producer.partitionGroups().keySet()).containsExactlyElementsOf(topics(topic, 12));
            assertThat(producer.producers())
                    .extracting(Snapshot.Producer::topic)
                    .containsExactlyElementsOf(topics(topic, 12));
            for (ProducerGroup<String> group : producer.partitionGroups().values()) {
                assertThat(group.newMessage().value("v").timeout(LONG).send())
                        .isInstanceOfSatisfying(
                                MessageIdAdv.class,
                                id -> assertThat(group.getTopic()).endsWith("-partition-" + id.getPartitionIndex()));
            }
        }
    }

    @Test
    void messagesWithoutKeyThatWaitGoToTheNewPartitions() throws Exception {
        // Given two partitions whose producers died, and come back in an hour
        String topic = Broker.freshPartitionedTopic("grows", 2);
        Saboteur saboteur = new Saboteur();
        try (Vela vela = connected()) {
            PartitionedProducer<String> producer = ready(builder(vela, topic)
                    .customize(saboteur::join)
                    .backoff(new Backoff(Duration.ofHours(1), Duration.ofHours(1), 1, 0)));
            saboteur.killEach();
            await().atMost(LONG).until(() -> {
                producer.partitionGroups()
                        .values()
                        .forEach(group -> group.newMessage()
                                .value("deadly")
                                .timeout(Duration.ofSeconds(1))
                                .sendAsync());
                return producer.producers().isEmpty();
            });
            saboteur.killNoMore();
            String key = keyOf(0, 2);
            CompletableFuture<MessageId> keyed = producer.newMessage()
                    .key(key)
                    .value("keyed")
                    .timeout(Duration.ofHours(1))
                    .sendAsync();
            CompletableFuture<MessageId> keyless =
                    producer.newMessage().value("keyless").timeout(LONG).sendAsync();
            assertThat(keyless).isNotDone();

            // When a third partition comes
            Broker.admin().updatePartitions(topic, 3);

            // Then what has no key goes there, and what has keeps to its partition
            assertThat(keyless).succeedsWithin(LONG);
            assertThat(((MessageIdAdv) keyless.join()).getPartitionIndex()).isEqualTo(2);
            await().atMost(LONG) // until the deadly ones have timed out
                    .until(() -> producer.snapshot().groups().get(0).waiting() == 1);
            assertThat(keyed).isNotDone();
            producer.stop(Duration.ZERO);
            assertThat(keyed).isCompletedExceptionally();
        }
    }

    private static String keyOf(int partition, int partitions) {
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> "key-" + i)
                .filter(key -> KeyHash.PHASH2.partition(key, partitions) == partition)
                .findFirst()
                .orElseThrow();
    }

    // ---- growth that fails half-way

    @Test
    void goesOnAsBeforeWhileANewPartitionCannotBeHad() throws Exception {
        // Given a producer of two partitions, a rival that holds the name of its producer in a third one
        String topic = Broker.freshPartitionedTopic("half", 2);
        String blocked = topic + "-partition-3";
        try (Vela vela = connected()) {
            PartitionedProducer<String> producer =
                    ready(builder(vela, topic).name("half").stableNames(true));
            gate.close();
            Broker.admin().updatePartitions(topic, 5);
            Load load = Load.on(producer, 4, TIMEOUT);
            try (load;
                    Producer<String> rival = Broker.client()
                            .newProducer(Schema.STRING)
                            .topic(blocked)
                            .producerName("half-partition-3-0")
                            .create()) {
                assertThat(rival.isConnected()).isTrue();

                // When all new partitions but that one can be had
                awaitFound(producer, 5);
                gate.open();
                await().atMost(LONG)
                        .until(() -> producer.snapshot().groups().stream()
                                        .filter(group -> group.state() == HandleState.READY)
                                        .count()
                                == 4);
                await().atMost(LONG)
                        .untilAsserted(() -> assertThat(cause(producer, 3)).hasMessageContaining("half-partition-3-0"));

                // Then the old ones are all that is used
                load.awaitMoreAcknowledged(1000, LONG);
                assertThat(producer.getNumOfPartitions()).isEqualTo(2);
                assertThat(producer.partitionGroups().keySet()).containsExactlyElementsOf(topics(topic, 2));
                assertThat(producer.producers()).hasSize(2);
                assertThat(producer.state()).isEqualTo(HandleState.READY);
                assertThat(producer.snapshot().partitions()).isEqualTo(2);
                assertThat(journal.types("half")).doesNotContain(VelaEvent.Type.PARTITIONS_GROWN);

                // When that one can be had, too, then all are used
                rival.close();
                awaitPartitions(producer, 5);
                load.awaitKeysMoved(KeyHash.PHASH2, 2, 5, LONG);
            }
            assertThat(load.awaitAnswers(TIMEOUT.plusSeconds(3))).isEmpty();
            load.assertKeysMovedOnce(KeyHash.PHASH2, 2, 5);
            load.assertStored(topic);
            assertGrewOnce("half");
            assertNothingPending(vela);
        }
    }

    private static Throwable cause(SupervisedProducer<?> producer, int partition) {
        return producer.snapshot()
                .groups()
                .get(partition)
                .producers()
                .get(0)
                .lastCause()
                .orElse(new Throwable("none"));
    }

    @Test
    void growsOnceWhereMoreComeBeforeTheFirstAreReady() throws Exception {
        String topic = Broker.freshPartitionedTopic("further", 2);
        try (Vela vela = connected()) {
            PartitionedProducer<String> producer = ready(builder(vela, topic));
            gate.close();
            Broker.admin().updatePartitions(topic, 3);
            awaitFound(producer, 3);
            Broker.admin().updatePartitions(topic, 4);
            awaitFound(producer, 4);
            assertThat(producer.getNumOfPartitions()).isEqualTo(2);

            gate.open(1);
            await().atMost(LONG)
                    .until(() -> producer.snapshot().groups().stream()
                                    .filter(group -> group.state() == HandleState.READY)
                                    .count()
                            == 3);
            assertThat(producer.getNumOfPartitions()).isEqualTo(2);
            gate.open();

            awaitPartitions(producer, 4);
            assertGrewOnce(topic);
        }
    }

    @Tag("full")
    @Test
    void growsThoughTheBrokerIsKilledHalfWay() throws Exception {
        // Given a growth that has got one of three partitions
        String topic = Broker.freshPartitionedTopic("killed", 2);
        try (Vela vela = connected()) {
            PartitionedProducer<String> producer = ready(builder(vela, topic));
            Load load = Load.on(producer, 4, Duration.ofSeconds(5));
            try (load) {
                load.awaitMoreAcknowledged(200, LONG);
                gate.open(1);
                Broker.admin().updatePartitions(topic, 5);
                awaitFound(producer, 5);

                // When the broker is killed, and comes back
                try {
                    Broker.pulsar().kill();
                    gate.open();
                } finally {
                    Broker.pulsar().restart();
                }

                // Then the rest comes, too
                awaitPartitions(producer, 5);
                load.awaitKeysMoved(KeyHash.PHASH2, 2, 5, LONG);
            }
            assertThat(load.awaitAnswers(TIMEOUT)).allMatch(failure -> failure instanceof SendFailure);
            load.assertKeysMovedOnce(KeyHash.PHASH2, 2, 5);
            load.assertStored(topic);
            assertGrewOnce(topic);
            assertNothingPending(vela);
        }
    }

    @Test
    void growsAfterTheWholeHadFailed() throws Exception {
        // Given a producer with a new partition that cannot be had
        String topic = Broker.freshPartitionedTopic("failed", 2);
        Saboteur saboteur = new Saboteur();
        try (Vela vela = new PatientVela(Vela.builder()
                .serviceUrl(Broker.url())
                .restartIntensity(RestartIntensity.of(0, LONG))
                .listener(journal)
                .build())) {
            PartitionedProducer<String> producer =
                    ready(builder(vela, topic).restartIntensity(0, LONG).customize(builder -> {
                        gate.pass(builder);
                        saboteur.join(builder);
                    }));
            gate.close();
            Broker.admin().updatePartitions(topic, 3);
            awaitFound(producer, 3);

            // When its old partitions fail, and so the whole
            saboteur.killEach();
            await().atMost(LONG).until(() -> {
                producer.sendAsync("deadly");
                return producer.state() == HandleState.FAILED;
            });
            assertThat(producer.snapshot().groups())
                    .extracting(Snapshot.Group::state)
                    .containsOnly(HandleState.FAILED);
            saboteur.killNoMore();
            gate.open();
            producer.restart();

            // Then it grows once it was revived
            awaitPartitions(producer, 3);
            producer.awaitReady(LONG);
            for (ProducerGroup<String> group : producer.partitionGroups().values()) {
                group.newMessage().value("v").timeout(LONG).send();
            }
            assertGrewOnce(topic);
        }
    }

    // ---- stopping

    @Test
    void stopsWhileNewPartitionsCannotBeHad() throws Exception {
        String topic = Broker.freshPartitionedTopic("stopped", 2);
        try (Vela vela = connected()) {
            PartitionedProducer<String> producer = ready(builder(vela, topic));
            gate.open(1);
            Broker.admin().updatePartitions(topic, 5);
            awaitFound(producer, 5);
            Load load = Load.on(producer, 4, TIMEOUT);
            try (load) {
                load.awaitMoreAcknowledged(200, LONG);

                producer.stop(Duration.ofSeconds(10));
            }

            assertThat(producer.state()).isEqualTo(HandleState.STOPPED);
            assertThat(producer.snapshot().groups())
                    .hasSize(5)
                    .extracting(Snapshot.Group::state)
                    .containsOnly(HandleState.STOPPED);
            assertThat(load.awaitAnswers(TIMEOUT)).allMatch(failure -> failure instanceof SendFailure);
            assertThat(vela.find(topic)).isEmpty();
            assertNothingPending(vela);
            load.assertStored(topic);
            gate.open();
            assertThat(ready(builder(vela, topic)).getNumOfPartitions()).isEqualTo(5);
        }
    }

    @Tag("full")
    @Test
    void stopsAtAnyMomentOfAGrowth() throws Exception {
        try (Vela vela = connected()) {
            for (int round = 0; round < 8; round++) {
                String topic = Broker.freshPartitionedTopic("stopped", 2);
                PartitionedProducer<String> producer = ready(builder(vela, topic));
                Load load = Load.on(producer, 2, TIMEOUT);
                try (load) {
                    Broker.admin().updatePartitions(topic, 6);
                    if (round < 4) {
                        awaitFound(producer, 6);
                    } else {
                        awaitPartitions(producer, 6);
                    }
                    load.awaitMoreAcknowledged(round % 4 * 5, LONG);
                    producer.close();
                }
                assertThat(load.awaitAnswers(TIMEOUT)).allMatch(failure -> failure instanceof SendFailure);
                assertThat(producer.snapshot().groups())
                        .extracting(Snapshot.Group::state)
                        .containsOnly(HandleState.STOPPED);
                assertNothingPending(vela);
                load.assertStored(topic);
            }
        }
    }

    // ---- what is watched

    @Test
    void aGivenNumberStaysUnlessAskedFor() throws Exception {
        // Given three producers of a topic with three partitions: of one, of one and more, and of as many as there are
        String topic = Broker.freshPartitionedTopic("given", 3);
        try (Vela vela = connected()) {
            PartitionedProducer<String> fixed = ready(vela.newPartitionedProducer(Schema.STRING)
                    .topic(topic)
                    .name("fixed")
                    .partitions(1));
            PartitionedProducer<String> off = ready(vela.newPartitionedProducer(Schema.STRING)
                    .topic(topic)
                    .name("off")
                    .autoUpdatePartitions(false));
            PartitionedProducer<String> given =
                    ready(builder(vela, topic).name("given").partitions(1).autoUpdatePartitions(true));
            SupervisedProducer<String> either = vela.newProducer(Schema.STRING)
                    .topic(topic)
                    .name("either")
                    .autoUpdatePartitionsInterval(INTERVAL)
                    .start();
            awaitPartitions(given, 3);

            // When
            Broker.admin().updatePartitions(topic, 4);
            awaitPartitions(given, 4);
            awaitPartitions(either, 4);

            // Then
            assertThat(fixed.snapshot().groups()).hasSize(1);
            assertThat(off.snapshot().groups()).hasSize(3);
        }
    }

    @Test
    void neverShrinksAndCreatesNothing() throws Exception {
        // Given a producer that has grown from two to three
        String topic = Broker.freshPartitionedTopic("shrinks", 2);
        try (Vela vela = connected()) {
            PartitionedProducer<String> producer = ready(builder(vela, topic));
            gate.close();
            Broker.admin().updatePartitions(topic, 4);
            awaitFound(producer, 4);

            // When the topic is created again with three, two new ones being under way
            Broker.admin().deleteTopic(topic, true);
            Broker.admin().createPartitionedTopic(topic, 3);
            gate.open();

            // Then the third is used, the fourth is missed by nobody, and not created
            awaitPartitions(producer, 3);
            producer.newMessage().value("v").timeout(LONG).send();
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(cause(producer, 3)).hasMessageContaining("has 3 partitions"));
            assertThatExceptionOfType(LocalAdminException.class)
                    .isThrownBy(() -> Broker.admin().stats(topic + "-partition-3"));

            // When it is there again, then it is used, too
            Broker.admin().updatePartitions(topic, 4);
            awaitPartitions(producer, 4);
            producer.partitionGroups()
                    .get(topic + "-partition-3")
                    .newMessage()
                    .value("v")
                    .timeout(LONG)
                    .send();
        }
    }

    // ---- bad input

    @Test
    void refusesWhatMakesNoSense() throws Exception {
        try (Vela vela = Broker.vela()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(
                            () -> vela.newProducer(Schema.STRING).autoUpdatePartitionsInterval(Duration.ofMillis(999)))
                    .withMessage("autoUpdatePartitionsInterval must be in [1 s, 100 years], was 999 ms");
            assertThatIllegalStateException()
                    .isThrownBy(() -> vela.newProducerGroup(Schema.STRING).autoUpdatePartitions(true))
                    .withMessage("autoUpdatePartitions needs a topic with partitions, was true for newProducerGroup");
            assertThatIllegalStateException()
                    .isThrownBy(() -> vela.newProducer(Schema.STRING)
                            .topic("t")
                            .autoUpdatePartitionsInterval(INTERVAL)
                            .autoUpdatePartitions(false)
                            .childSpec())
                    .withMessage(
                            "autoUpdatePartitionsInterval needs autoUpdatePartitions to be on, was 1 s with autoUpdatePartitions off");
        }
    }
}
