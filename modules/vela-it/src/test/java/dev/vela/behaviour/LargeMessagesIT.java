package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.MessageRejectedException;
import dev.vela.ProducerGroup;
import dev.vela.Vela;
import java.util.List;
import java.util.Random;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Reader;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Messages over the broker's limit. */
class LargeMessagesIT {
    private static final int OVER_THE_LIMIT = 2 * Broker.MAX_MESSAGE_BYTES;

    @AutoClose
    private final Vela vela = Broker.vela();

    private final String topic = Broker.freshTopic("large");

    @Test
    void chunkedMessageArrivesIntactAndItsReceiptLeadsBackToIt() throws Exception {
        // Given
        ProducerGroup<byte[]> group = vela.newProducerGroup(Schema.BYTES)
                .topic(topic)
                .enableChunking(true)
                .start();
        byte[] large = new byte[OVER_THE_LIMIT];
        new Random(7).nextBytes(large);
        group.send(new byte[] {1});

        // When
        MessageId receipt = group.send(large);
        group.send(new byte[] {2});

        // Then
        List<Message<byte[]>> messages = Broker.read(topic, Schema.BYTES, 3);
        assertThat(messages.get(1).getValue()).isEqualTo(large);
        assertThat(messages.get(1).getMessageId()).isEqualTo(receipt);
        assertThat(messages.get(2).getValue()).containsExactly(2);
        try (Reader<byte[]> reader = Broker.client()
                .newReader(Schema.BYTES)
                .topic(topic)
                .startMessageId(receipt)
                .startMessageIdInclusive()
                .create()) {
            assertThat(reader.readNext().getValue()).isEqualTo(large);
        }
    }

    @Test
    void chunksHaveTheSizeThatWasAskedFor() throws Exception {
        ProducerGroup<byte[]> group = vela.newProducerGroup(Schema.BYTES)
                .topic(topic)
                .enableChunking(true)
                .chunkMaxMessageSize(10_000)
                .start();
        byte[] payload = new byte[50_000];
        new Random(8).nextBytes(payload);

        group.send(payload);

        Message<byte[]> message = Broker.read(topic, Schema.BYTES, 1).get(0);
        assertThat(message.getValue()).isEqualTo(payload);
        assertThat(MessageOptionsIT.metadata(message).getNumChunksFromMsg()).isBetween(5, 6);
    }

    @Test
    void messageOverTheLimitIsRejectedAloneWithoutChunking() throws Exception {
        ProducerGroup<byte[]> group =
                vela.newProducerGroup(Schema.BYTES).topic(topic).start();
        group.send(new byte[] {1});

        Answers.notSent(group.sendAsync(new byte[OVER_THE_LIMIT]), MessageRejectedException.class);

        group.send(new byte[] {2});
        assertThat(group.producers()).hasSize(1);
        assertThat(group.producers().get(0).restarts()).isZero();
        assertThat(Broker.read(topic, Schema.BYTES, 2))
                .extracting(Message::getValue)
                .containsExactly(new byte[] {1}, new byte[] {2});
    }
}
