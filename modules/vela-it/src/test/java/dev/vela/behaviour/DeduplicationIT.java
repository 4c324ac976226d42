package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.ProducerGroup;
import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Producers with stable names on a namespace that deduplicates. */
class DeduplicationIT {
    private final String namespace = Broker.freshNamespace("dedup");
    private final String topic = "persistent://" + namespace + "/orders";

    @BeforeEach
    void deduplicate() {
        Broker.admin().setDeduplication(namespace, true);
        Broker.admin().createTopic(topic);
    }

    @Test
    void receiptTellsADuplicateApart() throws Exception {
        try (Vela vela = Broker.vela()) {
            ProducerGroup<String> group = start(vela);

            MessageId first = group.newMessage().sequenceId(5).value("a").send();
            MessageId second = group.newMessage().sequenceId(5).value("a").send();
            MessageId third = group.newMessage().sequenceId(6).value("b").send();

            assertThat(SupervisedProducer.isDuplicate(first)).isFalse();
            assertThat(SupervisedProducer.isDuplicate(second)).isTrue();
            assertThat(SupervisedProducer.isDuplicate(third)).isFalse();
        }
        assertThat(Broker.readAll(topic, Schema.STRING))
                .extracting(Message::getValue)
                .containsExactly("a", "b");
    }

    @Test
    void anIdBelowOneThatWasStoredIsTakenForADuplicateThoughItIsNowhere() throws Exception {
        try (Vela vela = Broker.vela()) {
            ProducerGroup<String> group = start(vela);

            MessageId higher = group.newMessage().sequenceId(6).value("b").send();
            MessageId lower = group.newMessage().sequenceId(5).value("a").send();

            assertThat(SupervisedProducer.isDuplicate(higher)).isFalse();
            assertThat(SupervisedProducer.isDuplicate(lower)).isTrue();
        }
        assertThat(Broker.readAll(topic, Schema.STRING))
                .extracting(Message::getValue)
                .containsExactly("b");
    }

    @Test
    void whatWasStoredBeforeARestartOfTheApplicationIsNotStoredAgain() throws Exception {
        try (Vela vela = Broker.vela()) {
            ProducerGroup<String> group = start(vela);
            for (int i = 1; i <= 3; i++) {
                group.newMessage().sequenceId(i).value("v" + i).send();
            }
        }

        try (Vela vela = Broker.vela()) {
            ProducerGroup<String> group = start(vela);
            for (int i = 2; i <= 5; i++) {
                MessageId receipt =
                        group.newMessage().sequenceId(i).value("v" + i).send();
                assertThat(SupervisedProducer.isDuplicate(receipt)).as("v" + i).isEqualTo(i <= 3);
            }
        }

        assertThat(Broker.readAll(topic, Schema.STRING))
                .extracting(Message::getValue)
                .containsExactly("v1", "v2", "v3", "v4", "v5");
    }

    @Test
    void numberingGoesOnAfterARestartOfTheApplication() throws Exception {
        for (int run = 0; run < 2; run++) {
            try (Vela vela = Broker.vela()) {
                ProducerGroup<String> group = start(vela);
                for (int i = 0; i < 3; i++) {
                    assertThat(SupervisedProducer.isDuplicate(group.send("run " + run + " message " + i)))
                            .isFalse();
                }
            }
        }

        assertThat(Broker.readAll(topic, Schema.STRING)).hasSize(6);
    }

    /**
     * Why nothing is promised of deduplication for a producer that sends chunks: a broker stores all chunks but the
     * last again, and when it loads the topic it takes the id of the last entry for the highest.
     */
    @Test
    void aBrokerForgetsIdsOnceChunksWereSentAgain() throws Exception {
        try (Producer<byte[]> producer = Broker.client()
                .newProducer()
                .topic(topic)
                .producerName("chunks")
                .enableBatching(false)
                .enableChunking(true)
                .chunkMaxMessageSize(1000)
                .create()) {
            producer.newMessage().sequenceId(1).value(new byte[5000]).send();
            producer.newMessage().sequenceId(2).value(new byte[1]).send();
            producer.newMessage().sequenceId(1).value(new byte[5000]).send();

            Broker.admin().unloadTopic(topic);

            MessageId second =
                    producer.newMessage().sequenceId(2).value(new byte[1]).send();
            assertThat(SupervisedProducer.isDuplicate(second)).isFalse();
        }
    }

    private ProducerGroup<String> start(Vela vela) throws PulsarClientException {
        return vela.newProducerGroup(Schema.STRING)
                .topic(topic)
                .name("stable")
                .stableNames(true)
                .start();
    }
}
