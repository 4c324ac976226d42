package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vela.HandleState;
import dev.vela.PartitionedProducer;
import dev.vela.ProducerGroup;
import dev.vela.Vela;
import dev.vela.local.LocalAdminException;
import java.time.Duration;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Test;

/** A topic is deleted under its producers, and created again. */
class RecreatedTopicIT {
    private static final Duration LONG = Duration.ofMinutes(1);

    @Test
    void sendsToATopicThatWasDeletedAndCreatedAgain() throws Exception {
        // Given a group that has sent
        String topic = Broker.freshTopic("recreated");
        try (Vela vela = new PatientVela(Vela.connect(Broker.url()))) {
            ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                    .topic(topic)
                    .producers(2)
                    .start();
            group.awaitReady(LONG);
            group.send("before");

            // When its topic is deleted, and there again, be it that the client creates it as it reconnects
            Broker.admin().deleteTopic(topic, true);
            try {
                Broker.admin().createTopic(topic);
            } catch (LocalAdminException e) {
                assertThat(e.status()).isEqualTo(409);
            }

            // Then sends work again, with no more than the default timeout
            group.newMessage().value("after").timeout(LONG).send();
            await().atMost(LONG).until(() -> group.state() == HandleState.READY);
            group.send("and later");
            assertThat(Broker.read(topic, Schema.STRING, 2))
                    .extracting(message -> message.getValue())
                    .containsExactly("after", "and later");
            assertThat(vela.snapshot().pendingMessages()).isZero();
        }
    }

    @Test
    void sendsAgainOnceAPartitionedTopicWasDeletedAndCreatedAgain() throws Exception {
        // Given a partitioned producer that has sent to all its partitions
        String topic = Broker.freshPartitionedTopic("recreated", 3);
        try (Vela vela = new PatientVela(Vela.connect(Broker.url()))) {
            PartitionedProducer<String> producer =
                    vela.newPartitionedProducer(Schema.STRING).topic(topic).start();
            producer.awaitReady(LONG);
            for (int i = 0; i < 30; i++) {
                producer.newMessage().key("k" + i).value("before").send();
            }

            // When its topic is deleted and created again
            Broker.admin().deleteTopic(topic, true);
            Broker.admin().createPartitionedTopic(topic, 3);

            // Then sends work again
            producer.newMessage().value("after").timeout(LONG).send();
            await().atMost(LONG).until(() -> producer.state() == HandleState.READY);
            for (int i = 0; i < 30; i++) {
                producer.newMessage().key("k" + i).value("later").send();
            }
            assertThat(Broker.read(topic, Schema.STRING, 31)).hasSize(31);
            assertThat(vela.snapshot().pendingMessages()).isZero();
        }
    }
}
