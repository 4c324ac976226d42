package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.vela.HandleState;
import dev.vela.NoProducersAvailableException;
import dev.vela.PartitionedProducer;
import dev.vela.ProducerGroup;
import dev.vela.ProducerState;
import dev.vela.RestartIntensity;
import dev.vela.Snapshot;
import dev.vela.SupervisedMessageBuilder;
import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import dev.vela.VelaEvent;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Test;

/** Too many deaths fail a group, too many failures of the group fail the handle, and by hand it can be revived. */
class IntensityIT {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Saboteur saboteur = new Saboteur();
    private final Queue<VelaEvent> events = new ConcurrentLinkedQueue<>();

    private Vela vela(int maxRestartsOfTheWhole) throws Exception {
        return new PatientVela(Vela.builder()
                .serviceUrl(Broker.url())
                .restartIntensity(RestartIntensity.of(maxRestartsOfTheWhole, MINUTE))
                .listener(events::add)
                .build());
    }

    private long count(VelaEvent.Type type) {
        return events.stream().filter(event -> event.type() == type).count();
    }

    /** Sends, and sends again, until it gives up. */
    private void wearOut(SupervisedProducer<String> producer) {
        saboteur.killEach();
        await().atMost(LONG).pollInterval(Duration.ofMillis(20)).until(() -> {
            producer.newMessage().key("k").value("v").sendAsync();
            return producer.state() == HandleState.FAILED;
        });
    }

    /** Sends a message that may wait for long: if it fails sooner, then not of its timeout. */
    private static CompletableFuture<MessageId> patient(SupervisedMessageBuilder<String> message) {
        return message.value("v").timeout(Duration.ofMinutes(10)).sendAsync();
    }

    private static void assertFailsAtOnce(SupervisedProducer<String> producer) {
        assertThat(patient(producer.newMessage().key("k"))).failsWithin(LONG);
        Throwable failure =
                catchThrowable(() -> producer.newMessage().key("k").value("v").send());
        assertThat(failure)
                .isInstanceOfSatisfying(
                        NoProducersAvailableException.class,
                        down -> assertThat(down.causes()).isNotEmpty());
    }

    private void assertRevives(SupervisedProducer<String> producer) throws Exception {
        saboteur.killNoMore();
        producer.restart();
        producer.restart();
        producer.awaitReady(LONG);
        producer.newMessage().key("k").value("revived").send();
        producer.send("and without a key");
        assertThat(producer.state()).isEqualTo(HandleState.READY);
    }

    @Test
    void isRestartedAsAWholeByItsParent() throws Exception {
        // Given a group that may not restart any producer, under a parent that may restart the group
        String topic = Broker.freshTopic("intensity");
        try (Vela vela = vela(3)) {
            ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                    .topic(topic)
                    .producers(2)
                    .restartIntensity(0, MINUTE)
                    .customize(saboteur::join)
                    .start();
            group.awaitReady(LONG);
            group.send("one");

            // When one producer dies
            saboteur.killLast();
            group.send("two");

            // Then the group is started again as a whole
            group.awaitReady(LONG);
            assertThat(group.snapshot().restarts()).isEqualTo(1);
            assertThat(group.snapshot().lastCause()).isPresent();
            assertThat(group.producers()).hasSize(2).allMatch(producer -> producer.restarts() == 1);
            assertThat(count(VelaEvent.Type.GROUP_FAILED)).isEqualTo(1);
            assertThat(count(VelaEvent.Type.FAILED)).isZero();
        }
    }

    @Test
    void failsForGoodBeyondItsParentsIntensityAndIsRevivedByHand() throws Exception {
        // Given a group whose parent restarts it once
        String topic = Broker.freshTopic("intensity");
        try (Vela vela = vela(1)) {
            ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                    .topic(topic)
                    .restartIntensity(1, MINUTE)
                    .customize(saboteur::join)
                    .start();

            // When its producers keep dying
            wearOut(group);

            // Then it says so, and why, and takes nothing
            assertThat(group.snapshot().groups().get(0).producers())
                    .allMatch(producer -> producer.state() == ProducerState.FAILED);
            assertThat(group.snapshot().lastCause()).isPresent();
            assertThat(group.producers()).isEmpty();
            await().atMost(LONG).until(() -> count(VelaEvent.Type.FAILED) == 1);
            assertFailsAtOnce(group);

            // And it comes back by hand, however often it is asked to
            assertRevives(group);
            assertThat(vela.snapshot().pendingMessages()).isZero();
        }
    }

    @Test
    void failsAndRevivesAsAPartitionedProducer() throws Exception {
        // Given a partitioned producer whose groups and whose whole may be restarted once
        String topic = Broker.freshPartitionedTopic("intensity", 3);
        try (Vela vela = vela(1)) {
            PartitionedProducer<String> producer = vela.newPartitionedProducer(Schema.STRING)
                    .topic(topic)
                    .restartIntensity(0, MINUTE)
                    .customize(saboteur::join)
                    .start();
            producer.awaitReady(LONG);

            // When those of one partition keep dying
            wearOut(producer);

            // Then the whole fails
            assertThat(producer.snapshot().groups())
                    .extracting(Snapshot.Group::state)
                    .containsOnly(HandleState.FAILED);
            assertFailsAtOnce(producer);
            assertThat(patient(producer.newMessage())).failsWithin(LONG);

            // And is revived through any of its parts
            saboteur.killNoMore();
            producer.partitionGroups().values().forEach(ProducerGroup::restart);
            assertRevives(producer);
            assertThat(vela.snapshot().pendingMessages()).isZero();
        }
    }
}
