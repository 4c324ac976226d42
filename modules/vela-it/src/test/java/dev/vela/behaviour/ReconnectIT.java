package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vela.ProducerGroup;
import dev.vela.ProducerState;
import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import java.time.Duration;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Disconnected is not dead: the official producer comes back by itself, and costs no restart. */
class ReconnectIT {
    private static final Duration SOON = Duration.ofMinutes(1);
    private static final Duration NEVER = Duration.ofMinutes(10); // longer than any test takes

    @AutoClose
    private final Wire wire = new Wire();

    @AutoClose
    private final Vela vela = new PatientVela(wire.velaBuilder().build());

    ReconnectIT() throws PulsarClientException {}

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void sendSucceedsAfterTheTopicWasUnloaded(int partitions) throws Exception {
        String topic =
                partitions == 0 ? Broker.freshTopic("unloaded") : Broker.freshPartitionedTopic("unloaded", partitions);
        try (Consumer<String> keeper = Broker.subscribe(topic, Schema.STRING);
                SupervisedProducer<String> producer = vela.newProducer(Schema.STRING)
                        .topic(topic)
                        .maxDisconnectedTime(NEVER)
                        .start()) {
            producer.send("before");

            Broker.admin().unloadTopic(topic);

            producer.newMessage().value("after").timeout(SOON).send();
            await().atMost(SOON).until(keeper::isConnected);
            assertThat(Broker.read(topic, Schema.STRING, 2))
                    .extracting(Message::getValue)
                    .containsExactlyInAnyOrder("before", "after");
            producer.awaitReady(SOON);
            assertThat(producer.producers())
                    .allSatisfy(one -> assertThat(one.restarts()).isZero());
        }
    }

    @Test
    void sendSucceedsAfterTheConnectionWasCut() throws Exception {
        ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                .topic(Broker.freshTopic("cut"))
                .maxDisconnectedTime(NEVER)
                .start();
        group.send("before");
        assertThat(group.getLastDisconnectedTimestamp()).isZero();

        wire.cut();

        group.newMessage().value("after").timeout(SOON).send();
        assertThat(group.producers().get(0).restarts()).isZero();
        assertThat(group.getLastDisconnectedTimestamp()).isPositive();
    }

    @Test
    void producerWithoutConnectionSaysSoAndKeepsWhatItIsGiven() throws Exception {
        // Given
        String topic = Broker.freshTopic("away");
        ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                .topic(topic)
                .maxDisconnectedTime(NEVER)
                .start();
        group.send("before");

        // When
        wire.down();

        // Then
        await().atMost(SOON).until(() -> group.producers().get(0).state() == ProducerState.RECONNECTING);
        assertThat(group.isConnected()).isFalse();
        var meanwhile = group.newMessage().value("meanwhile").timeout(NEVER).sendAsync();
        assertThat(group.snapshot().groups().get(0).pendingMessages()).isEqualTo(1);

        // When
        wire.up();

        // Then
        Answers.receipt(meanwhile);
        group.awaitReady(SOON);
        assertThat(group.isConnected()).isTrue();
        assertThat(group.producers().get(0).restarts()).isZero();
        assertThat(Broker.read(topic, Schema.STRING, 2)).hasSize(2);
    }
}
