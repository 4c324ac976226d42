package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vela.HandleState;
import dev.vela.Outcome;
import dev.vela.ProducerDiedException;
import dev.vela.ProducerGroup;
import dev.vela.Vela;
import dev.vela.VelaEvent;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Test;

/** A producer that dies is brought back, and its death costs nobody more than it must. */
class DeathIT {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final Saboteur saboteur = new Saboteur();

    @Test
    void bringsBackAProducerKilledUnderLoad() throws Exception {
        // Given a single producer under load
        String topic = Broker.freshTopic("killed");
        Queue<VelaEvent> events = new ConcurrentLinkedQueue<>();
        try (Vela vela = new PatientVela(
                Vela.builder().serviceUrl(Broker.url()).listener(events::add).build())) {
            ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                    .topic(topic)
                    .customize(saboteur::join)
                    .start();
            Load load = Load.on(group, 4, LONG);
            try (load) {
                // When it is killed again and again
                for (int kill = 0; kill < 5; kill++) {
                    load.awaitMoreAcknowledged(200, LONG);
                    saboteur.killLast();
                }
                load.awaitMoreAcknowledged(200, LONG);
            }

            // Then every message is answered, truly, and the group is as it was
            List<Throwable> failures = load.awaitAnswers(LONG);
            assertThat(failures).allSatisfy(failure -> {
                assertThat(failure).isInstanceOf(ProducerDiedException.class).hasCauseInstanceOf(Exception.class);
                assertThat(Outcome.of(failure)).isEqualTo(Outcome.UNKNOWN);
            });
            assertThat(group.state()).isEqualTo(HandleState.READY);
            assertThat(group.producers().get(0).restarts()).isEqualTo(5);
            assertThat(events)
                    .filteredOn(event -> event.type() == VelaEvent.Type.DIED)
                    .hasSize(5)
                    .allMatch(event -> event.cause().isPresent());
            assertThat(vela.snapshot().pendingMessages()).isZero();
            assertThat(vela.snapshot().pendingBytes()).isZero();
            load.assertStored(topic);
        }
    }

    @Test
    void keepsTheOthersOfTheGroupSending() throws Exception {
        // Given three producers under load
        String topic = Broker.freshTopic("one-of-three");
        try (Vela vela = new PatientVela(Vela.connect(Broker.url()))) {
            ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                    .topic(topic)
                    .producers(3)
                    .customize(saboteur::join)
                    .start();
            Load load = Load.on(group, 6, LONG);
            try (load) {
                // When now and then one of them is killed
                for (int kill = 0; kill < 6; kill++) {
                    load.awaitMoreAcknowledged(200, LONG);
                    saboteur.killLast();
                }
                load.awaitMoreAcknowledged(200, LONG);
            }

            // Then nothing acknowledged is lost or out of its key's order, and all are back
            load.awaitAnswers(LONG);
            load.assertStored(topic);
            await().atMost(LONG).until(() -> group.state() == HandleState.READY);
            assertThat(vela.snapshot().pendingMessages()).isZero();
            assertThat(vela.snapshot().pendingBytes()).isZero();
        }
    }

    @Test
    void sendsWhatADeadProducerCouldNotTake() throws Exception {
        // Given an idle producer that was closed behind its back
        String topic = Broker.freshTopic("closed");
        try (Vela vela = new PatientVela(Vela.connect(Broker.url()))) {
            ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                    .topic(topic)
                    .customize(saboteur::join)
                    .start();
            group.send("before");
            saboteur.killLast();

            // When the next messages come, then they wait for its successor
            group.newMessage().value("after").timeout(LONG).send();
            group.newMessage().value("later").timeout(LONG).send();
            assertThat(Broker.read(topic, Schema.STRING, 3))
                    .extracting(message -> message.getValue())
                    .containsExactly("before", "after", "later");
        }
    }
}
