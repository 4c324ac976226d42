package dev.vela.behaviour;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.Batching;
import dev.vela.KeyHash;
import dev.vela.MessageRejectedException;
import dev.vela.PartitionedProducer;
import dev.vela.ProducerGroup;
import dev.vela.Vela;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for messages that go alone, where others share entries. */
class BatchConformanceIT {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration TWO_MINUTES = Duration.ofMinutes(2);
    private static final Batching UNTIL_FLUSHED =
            Batching.defaults().withFlush(Batching.Flush.AT_INTERVAL).withFlushInterval(Duration.ofSeconds(25));

    @AutoClose
    private final Vela vela = Broker.vela();

    private final String topic = Broker.freshTopic("conformance");

    private <T> ProducerGroup<T> start(Schema<T> schema, Batching batching) throws PulsarClientException {
        ProducerGroup<T> group =
                vela.newProducerGroup(schema).topic(topic).batching(batching).start();
        group.awaitReady(LONG);
        return group;
    }

    private PartitionedProducer<String> startPartitioned(String partitioned) throws PulsarClientException {
        PartitionedProducer<String> producer = vela.newPartitionedProducer(Schema.STRING)
                .topic(partitioned)
                .batching(Batching.defaults())
                .start();
        producer.awaitReady(LONG);
        return producer;
    }

    private static int partition(Message<?> message) {
        return ((MessageIdAdv) message.getMessageId()).getPartitionIndex();
    }

    // ---- when an entry leaves

    @Test
    void aMessageLeavesAtOnceWhenNothingElseIsOnItsWay() throws Exception {
        ProducerGroup<String> group =
                start(Schema.STRING, Batching.defaults().withFlushInterval(Duration.ofMinutes(1)));

        Answers.receipt(group.newMessage().value("one").timeout(TWO_MINUTES).sendAsync());
        Answers.receipt(group.newMessage().value("another").timeout(TWO_MINUTES).sendAsync());

        assertThat(DeliveredEntries.sizes(Broker.read(topic, Schema.STRING, 2))).containsExactly(1, 1);
    }

    @Test
    void aMessageThatCannotWaitForTheIntervalTakesTheOthersAlong() throws Exception {
        ProducerGroup<String> group = start(Schema.STRING, UNTIL_FLUSHED);

        CompletableFuture<MessageId> patient =
                group.newMessage().value("patient").timeout(TWO_MINUTES).sendAsync();
        group.newMessage().value("hasty").timeout(Duration.ofSeconds(10)).send();

        Answers.receipt(patient);
        assertThat(DeliveredEntries.sizes(Broker.read(topic, Schema.STRING, 2))).containsExactly(2);
    }

    @Test
    void anEntryLeavesWhenItHasAllItsBytes() throws Exception {
        ProducerGroup<String> group = start(Schema.STRING, UNTIL_FLUSHED.withMaxBytes(10_000));

        List<CompletableFuture<MessageId>> answers = IntStream.range(0, 10)
                .mapToObj(i -> group.sendAsync("x".repeat(3_000)))
                .toList();

        answers.subList(0, 9).forEach(Answers::receipt);
        assertThat(answers.get(9)).isNotDone();
        group.flush();
        assertThat(DeliveredEntries.sizes(Broker.read(topic, Schema.STRING, 10)))
                .containsExactly(3, 3, 3, 1);
    }

    // ---- what goes alone

    @Test
    void delayedMessagesGoAloneAndInOrderWithAllThatTheyCarry() throws Exception {
        ProducerGroup<String> group = start(Schema.STRING, UNTIL_FLUSHED);
        Instant deliverAt = Instant.now().plusSeconds(600);

        group.sendAsync("a");
        group.sendAsync("b");
        group.newMessage()
                .key("k")
                .orderingKey("o".getBytes(UTF_8))
                .property("p", "v")
                .eventTime(Instant.ofEpochMilli(123_456_789))
                .deliverAt(deliverAt)
                .value("c")
                .sendAsync();
        group.sendAsync("d");
        group.newMessage().deliverAfter(Duration.ofMinutes(5)).value("e").sendAsync();
        group.flush();

        List<Message<String>> messages = Broker.read(topic, Schema.STRING, 5);
        assertThat(messages).extracting(Message::getValue).containsExactly("a", "b", "c", "d", "e");
        assertThat(DeliveredEntries.sizes(messages)).containsExactly(2, 1, 1, 1);
        Message<String> delayed = messages.get(2);
        assertThat(MessageOptionsIT.metadata(delayed).getDeliverAtTime()).isEqualTo(deliverAt.toEpochMilli());
        assertThat(delayed.getKey()).isEqualTo("k");
        assertThat(delayed.getOrderingKey()).asString(UTF_8).isEqualTo("o");
        assertThat(delayed.getProperties()).containsExactly(Map.entry("p", "v"));
        assertThat(delayed.getEventTime()).isEqualTo(123_456_789);
        assertThat(MessageOptionsIT.metadata(messages.get(3)).hasDeliverAtTime())
                .isFalse();
        assertThat(MessageOptionsIT.metadata(messages.get(4)).hasDeliverAtTime())
                .isTrue();
    }

    @Test
    void chunkedMessagesGoAloneAndInOrder() throws Exception {
        ProducerGroup<byte[]> group = vela.newProducerGroup(Schema.BYTES)
                .topic(topic)
                .enableChunking(true)
                .batching(UNTIL_FLUSHED)
                .start();
        group.awaitReady(LONG);
        byte[] large = new byte[2 * Broker.MAX_MESSAGE_BYTES];
        new Random(7).nextBytes(large);

        group.sendAsync(new byte[] {1});
        group.sendAsync(new byte[] {2});
        CompletableFuture<MessageId> chunked = group.sendAsync(large);
        group.sendAsync(new byte[] {3});
        group.flush();

        List<Message<byte[]>> messages = Broker.read(topic, Schema.BYTES, 4);
        assertThat(messages)
                .extracting(Message::getValue)
                .containsExactly(new byte[] {1}, new byte[] {2}, large, new byte[] {3});
        assertThat(messages.get(2).getMessageId()).isEqualTo(Answers.receipt(chunked));
    }

    // ---- schemas

    static List<Schema<SchemasIT.Person>> structured() {
        return List.of(Schema.JSON(SchemasIT.Person.class), Schema.AVRO(SchemasIT.Person.class));
    }

    @ParameterizedTest
    @MethodSource("structured")
    void structuredMessagesBearTheVersionOfTheirSchema(Schema<SchemasIT.Person> schema) throws Exception {
        ProducerGroup<SchemasIT.Person> group = start(schema, UNTIL_FLUSHED);
        List<SchemasIT.Person> people = IntStream.range(0, 10)
                .mapToObj(i -> SchemasIT.Person.named("n" + i))
                .toList();

        people.forEach(group::sendAsync);
        group.flush();

        List<Message<SchemasIT.Person>> messages = Broker.read(topic, schema, 10);
        assertThat(messages).extracting(Message::getValue).containsExactlyElementsOf(people);
        assertThat(DeliveredEntries.sizes(messages)).containsExactly(10);
        assertThat(messages)
                .allMatch(message -> ByteBuffer.wrap(message.getSchemaVersion()).getLong() == 0);
    }

    @Test
    void aMessageOfAnIncompatibleSchemaIsRejectedAlone() throws Exception {
        ProducerGroup<SchemasIT.Person> group = start(Schema.AVRO(SchemasIT.Person.class), UNTIL_FLUSHED);

        CompletableFuture<MessageId> before = group.sendAsync(SchemasIT.Person.named("before"));
        CompletableFuture<MessageId> strange = group.newMessage(Schema.AVRO(SchemasIT.PersonByNumber.class))
                .value(new SchemasIT.PersonByNumber())
                .sendAsync();
        CompletableFuture<MessageId> after = group.sendAsync(SchemasIT.Person.named("after"));
        CompletableFuture<Void> flushed = group.flushAsync();

        Answers.notSent(strange, MessageRejectedException.class);
        Answers.failure(flushed, MessageRejectedException.class);
        Answers.receipt(before);
        Answers.receipt(after);
    }

    // ---- partitions

    @Test
    void aKeyStaysOnItsPartition() throws Exception {
        String partitioned = Broker.freshPartitionedTopic("keys", 3);
        PartitionedProducer<String> producer = startPartitioned(partitioned);

        for (int i = 0; i < 200; i++) {
            producer.newMessage().key("key-" + i % 20).value("v" + i).sendAsync();
        }
        producer.flush();

        assertThat(Broker.read(partitioned, Schema.STRING, 200))
                .hasSize(200)
                .allMatch(message -> partition(message) == KeyHash.PHASH2.partition(message.getKey(), 3));
    }

    @Test
    void messagesWithoutAKeySentOneByOneReachAllPartitions() throws Exception {
        String partitioned = Broker.freshPartitionedTopic("spread", 3);
        PartitionedProducer<String> producer = startPartitioned(partitioned);

        for (int i = 0; i < 60; i++) {
            producer.send("v" + i);
        }

        assertThat(Broker.read(partitioned, Schema.STRING, 60))
                .extracting(BatchConformanceIT::partition)
                .contains(0, 1, 2);
    }
}
