package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.Batching;
import dev.vela.ProducerGroup;
import dev.vela.SupervisedProducerBuilder;
import dev.vela.Vela;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.pulsar.client.api.CompressionType;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** No consumer can read a batch that was cut into chunks, whatever makes it larger than a chunk. */
class BatchAndChunksIT {
    private static final int SMALL = 500;
    private static final Batching UNTIL_FULL = Batching.defaults()
            .withMaxMessages(100_000)
            .withFlush(Batching.Flush.AT_INTERVAL)
            .withFlushInterval(Duration.ofSeconds(25));
    private static final Batching LARGER_THAN_THE_BROKER_ALLOWS = UNTIL_FULL.withMaxBytes(4 << 20);

    @AutoClose
    private final Vela vela = Broker.vela();

    private final Random random = new Random(9);

    private byte[] numbered(int number, int size) {
        byte[] value = new byte[size];
        random.nextBytes(value); // so that it cannot be compressed
        return ByteBuffer.wrap(value).putInt(number).array();
    }

    private static List<Integer> numbers(List<Message<byte[]>> messages) {
        return messages.stream()
                .map(message -> ByteBuffer.wrap(message.getValue()).getInt())
                .toList();
    }

    static Stream<Arguments> limits() {
        return Stream.of(
                row("the setting", 2000, p -> p.enableChunking(true).chunkMaxMessageSize(20_000)),
                row(
                        "a customizer",
                        2000,
                        p -> p.customize(
                                producer -> producer.enableChunking(true).chunkMaxMessageSize(20_000))),
                row(
                        "a customizer, compressed",
                        2000,
                        p -> p.compressionType(CompressionType.LZ4)
                                .customize(producer ->
                                        producer.enableChunking(true).chunkMaxMessageSize(20_000))),
                row(
                        "a chunk smaller than a message",
                        50,
                        p -> p.enableChunking(true).chunkMaxMessageSize(300)),
                row("the broker", 5000, p -> p.enableChunking(true).batching(LARGER_THAN_THE_BROKER_ALLOWS)),
                row(
                        "the broker, compressed",
                        5000,
                        p -> p.enableChunking(true)
                                .compressionType(CompressionType.ZSTD)
                                .batching(LARGER_THAN_THE_BROKER_ALLOWS)),
                row("the broker, without chunks", 5000, p -> p.batching(LARGER_THAN_THE_BROKER_ALLOWS)));
    }

    private static Arguments row(
            String name, int count, Consumer<SupervisedProducerBuilder<byte[], ProducerGroup<byte[]>>> settings) {
        return Arguments.of(name, count, settings);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("limits")
    void whatIsAcknowledgedIsRead(
            String name, int count, Consumer<SupervisedProducerBuilder<byte[], ProducerGroup<byte[]>>> settings)
            throws Exception {
        String topic = Broker.freshTopic("batch-chunks");
        SupervisedProducerBuilder<byte[], ProducerGroup<byte[]>> builder =
                vela.newProducerGroup(Schema.BYTES).topic(topic).batching(UNTIL_FULL);
        settings.accept(builder);
        ProducerGroup<byte[]> group = builder.start();

        List<CompletableFuture<MessageId>> answers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            answers.add(group.sendAsync(numbered(i, SMALL)));
        }
        group.flush();

        answers.forEach(Answers::receipt);
        List<Message<byte[]>> messages = Broker.readAll(topic, Schema.BYTES);
        assertThat(numbers(messages))
                .isEqualTo(IntStream.range(0, count).boxed().toList());
        group.close();
    }

    @Test
    void aTopicsLimitIsKeptToByAChunkSizeBelowIt() throws Exception {
        String topic = TopicLimit.freshTopic("batch-chunks-limited", 10_000);
        ProducerGroup<byte[]> group = vela.newProducerGroup(Schema.BYTES)
                .topic(topic)
                .batching(UNTIL_FULL)
                .enableChunking(true)
                .chunkMaxMessageSize(8_000)
                .start();

        List<CompletableFuture<MessageId>> answers = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            answers.add(group.sendAsync(numbered(i, i % 100 == 50 ? 30_000 : SMALL)));
        }
        group.flush();

        answers.forEach(Answers::receipt);
        List<Message<byte[]>> messages = Broker.readAll(topic, Schema.BYTES);
        assertThat(numbers(messages)).isEqualTo(IntStream.range(0, 300).boxed().toList());
        assertThat(messages.get(50).getValue()).hasSize(30_000);
        assertThat(MessageOptionsIT.metadata(messages.get(50)).getNumChunksFromMsg())
                .isGreaterThan(1);
        assertThat(DeliveredEntries.sizes(messages)).anyMatch(size -> size > 1);
    }
}
