package dev.vela.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.local.LocalPulsar;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.CryptoKeyReader;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.SubscriptionInitialPosition;
import org.apache.pulsar.client.impl.DefaultCryptoKeyReader;
import org.apache.pulsar.client.impl.MessageImpl;
import org.apache.pulsar.client.impl.ProducerImpl;
import org.apache.pulsar.common.api.proto.MessageMetadata;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is stored is read back, whatever else is in the topic. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Tag("full")
class ReadBackIT {
    private static final String TOPIC = "persistent://public/default/read-back";
    private static final CryptoKeyReader NO_KEYS =
            DefaultCryptoKeyReader.builder().build();

    /** More than a client could count without forgetting a message that it is still putting together. */
    private static final int SENT_AGAIN = 1_100;

    private static final MessageRef FIRST = new MessageRef(0, 1, 1);
    private static final MessageRef SECOND = new MessageRef(0, 1, 2);

    /**
     * A reconnect has the client send chunks again, and a consumer counts a message whose first chunk comes twice as two
     * that are incomplete, one of them for good.
     */
    @Test
    void chunkedMessagesThatOverlapAreReadThoughManyBeforeThemWereSentAgain() throws Exception {
        try (LocalPulsar pulsar = LocalPulsar.builder().start();
                PulsarClient client =
                        PulsarClient.builder().serviceUrl(pulsar.serviceUrl()).build()) {
            History history = new History();
            try (Producer<byte[]> producer =
                    client.newProducer().topic(TOPIC).enableBatching(false).create()) {
                for (int i = 0; i < SENT_AGAIN; i++) {
                    MessageRef id = new MessageRef(0, 0, i);
                    history.sent(sent(id));
                    sendChunk(producer, id, 0);
                    sendChunk(producer, id, 0);
                    sendChunk(producer, id, 1);
                }
                history.sent(sent(FIRST));
                history.sent(sent(SECOND));
                sendChunk(producer, FIRST, 0);
                sendChunk(producer, SECOND, 0);
                sendChunk(producer, FIRST, 1);
                sendChunk(producer, SECOND, 1);
                producer.flush();
            }
            assertThat(readWithDefaults(client)).contains(SECOND).doesNotContain(FIRST); // or docs/guarantees.md is old
            new ReadBack(client, NO_KEYS, history).topic(TOPIC);

            assertThat(history.readings())
                    .hasSize(SENT_AGAIN + 2)
                    .allMatch(Reading::intact)
                    .extracting(Reading::id)
                    .contains(FIRST, SECOND);
        }
    }

    private static Sent sent(MessageRef id) {
        return new Sent(id, TOPIC, null, true, 0, 1_000, Sent.Nature.CHUNKED);
    }

    private static List<MessageRef> readWithDefaults(PulsarClient client) throws PulsarClientException {
        List<MessageRef> read = new ArrayList<>();
        try (Consumer<byte[]> consumer = client.newConsumer()
                .topic(TOPIC)
                .subscriptionName("defaults")
                .subscriptionInitialPosition(SubscriptionInitialPosition.Earliest)
                .subscribe()) {
            while (!read.contains(SECOND)) {
                Message<byte[]> message = consumer.receive(60, TimeUnit.SECONDS);
                read.add(Payload.read(TOPIC, "", null, message.getData()).id());
            }
        }
        return read;
    }

    private static void sendChunk(Producer<byte[]> producer, MessageRef id, int chunk) {
        byte[] whole = Payload.of(id, null, 0);
        int half = whole.length / 2;
        byte[] part = chunk == 0 ? Arrays.copyOf(whole, half) : Arrays.copyOfRange(whole, half, whole.length);
        MessageMetadata metadata = new MessageMetadata()
                .setUuid(id.toString())
                .setChunkId(chunk)
                .setNumChunksFromMsg(2)
                .setTotalChunkMsgSize(whole.length);
        ((ProducerImpl<byte[]>) producer)
                .sendAsync(MessageImpl.create(metadata, ByteBuffer.wrap(part), Schema.BYTES, TOPIC));
    }
}
