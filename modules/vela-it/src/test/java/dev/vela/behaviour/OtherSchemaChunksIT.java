package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.vela.MessageRejectedException;
import dev.vela.Outcome;
import dev.vela.ProducerGroup;
import dev.vela.Vela;
import dev.vela.internal.pulsar.Draft;
import dev.vela.internal.pulsar.OfficialProducer;
import java.time.Duration;
import java.util.List;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Test;

/** The client stores a message unreadably that is cut into chunks and is the first with its schema. */
class OtherSchemaChunksIT {
    private static final int CHUNK = 20_000;
    private static final String LARGE = "x".repeat(10 * CHUNK);

    private final String topic = Broker.freshTopic("other-schema-chunks");

    @Test
    void isRefusedUntilItsSchemaIsKnownAndReadAfterThat() throws Exception {
        try (Vela vela = Broker.vela()) {
            ProducerGroup<byte[]> group = vela.newProducerGroup(Schema.BYTES)
                    .topic(topic)
                    .enableChunking(true)
                    .chunkMaxMessageSize(CHUNK)
                    .start();

            assertThatExceptionOfType(MessageRejectedException.class)
                    .isThrownBy(
                            () -> group.newMessage(Schema.STRING).value(LARGE).send())
                    .withMessageContaining("once a smaller one with that schema has been stored")
                    .satisfies(failure -> assertThat(Outcome.of(failure)).isEqualTo(Outcome.NOT_SENT));
            group.newMessage(Schema.STRING).value("x").send();
            group.newMessage(Schema.STRING).value(LARGE).send();
            group.send(new byte[3 * CHUNK]);
        }

        assertThat(lengths(Broker.readAll(topic, Schema.BYTES))).containsExactly(1, LARGE.length(), 3 * CHUNK);
    }

    /** An action that depends on the receipt comes first where it is attached last, unless both are one stage. */
    @Test
    void isKnownToAnActionThatDependsOnTheReceiptOfTheSmallerOne() throws Exception {
        try (Producer<byte[]> producer = Broker.client()
                .newProducer(Schema.BYTES)
                .topic(topic)
                .enableBatching(false)
                .enableChunking(true)
                .chunkMaxMessageSize(CHUNK)
                .create()) {
            OfficialProducer publisher = new OfficialProducer(producer, Schema.BYTES);

            Answers.value(publisher
                    .publish(Draft.of(Schema.STRING, "x"), 0)
                    .thenCompose(stored -> publisher.publish(Draft.of(Schema.STRING, LARGE), 1)));
        }

        assertThat(lengths(Broker.readAll(topic, Schema.BYTES))).containsExactly(1, LARGE.length());
    }

    /**
     * Why Vela refuses it: should this fail with a newer client, it need not any more. What is stored differs from time
     * to time: pieces that come as messages of their own, or an entry at which every consumer stops and for which the
     * broker cannot tell the last message of the topic. So only the first message is asked for.
     */
    @Test
    void isNotReadWholeWhereTheOfficialProducerTakesIt() throws Exception {
        try (Producer<byte[]> producer = Broker.client()
                .newProducer(Schema.BYTES)
                .topic(topic)
                .enableBatching(false)
                .enableChunking(true)
                .chunkMaxMessageSize(CHUNK)
                .create()) {
            producer.newMessage(Schema.STRING).value(LARGE).send();
        }

        assertThat(lengths(Broker.read(Broker.client(), topic, Schema.BYTES, 1, Duration.ofSeconds(5))))
                .doesNotContain(LARGE.length());
    }

    private static List<Integer> lengths(List<Message<byte[]>> messages) {
        return messages.stream().map(Message::getData).map(data -> data.length).toList();
    }
}
