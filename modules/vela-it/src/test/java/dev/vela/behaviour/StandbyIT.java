package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vela.ProducerGroup;
import dev.vela.ProducerState;
import dev.vela.ProducerWaitingException;
import dev.vela.Snapshot;
import dev.vela.Vela;
import java.time.Duration;
import java.util.List;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Producers that queue for exclusive access to a topic. */
class StandbyIT {
    private static final Duration SOON = Duration.ofMinutes(1);

    @AutoClose
    private final Vela vela = Broker.vela();

    @AutoClose
    private final Vela other = Broker.vela();

    private final String topic = Broker.freshTopic("standby");

    @Test
    void waitForExclusiveWaitsSaysSoAndIsPromoted() throws Exception {
        // Given
        ProducerGroup<String> first = start(vela);
        first.awaitReady(SOON);

        // When
        ProducerGroup<String> second = start(other);
        await().atMost(SOON).until(() -> states(second).contains(ProducerState.WAITING));

        // Then
        Answers.notSent(second.sendAsync("too early"), ProducerWaitingException.class);
        assertThat(second.producers()).isEmpty();
        first.send("first");

        // When
        first.close();
        second.awaitReady(SOON);
        second.send("second");

        // Then
        assertThat(Broker.read(topic, Schema.STRING, 2))
                .extracting(Message::getValue)
                .containsExactly("first", "second");
    }

    @Test
    void standbyOfTheSameGroupIsPromotedWhenTheActiveProducerGoes() throws Exception {
        // Given
        Saboteur saboteur = new Saboteur();
        ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                .topic(topic)
                .producers(3)
                .accessMode(ProducerAccessMode.WaitForExclusive)
                .customize(saboteur::join)
                .start();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(states(group))
                        .containsExactlyInAnyOrder(ProducerState.READY, ProducerState.WAITING, ProducerState.WAITING));
        group.awaitReady(SOON);
        group.send("before");
        String active = group.producers().get(0).name();

        // When
        saboteur.killLast();

        // Then
        await().atMost(SOON).untilAsserted(() -> {
            assertThat(group.producers()).hasSize(1);
            assertThat(group.producers().get(0).name()).isNotEqualTo(active);
        });
        group.send("after");
        List<Message<String>> messages = Broker.read(topic, Schema.STRING, 2);
        assertThat(messages).extracting(Message::getValue).containsExactly("before", "after");
        assertThat(messages.get(0).getProducerName()).isEqualTo(active);
        assertThat(messages.get(1).getProducerName()).isNotEqualTo(active);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(states(group))
                        .containsExactlyInAnyOrder(ProducerState.READY, ProducerState.WAITING, ProducerState.WAITING));
    }

    private ProducerGroup<String> start(Vela runtime) throws PulsarClientException {
        return runtime.newProducerGroup(Schema.STRING)
                .topic(topic)
                .accessMode(ProducerAccessMode.WaitForExclusive)
                .start();
    }

    private static List<ProducerState> states(ProducerGroup<?> group) {
        return group.snapshot().groups().get(0).producers().stream()
                .map(Snapshot.Producer::state)
                .toList();
    }
}
