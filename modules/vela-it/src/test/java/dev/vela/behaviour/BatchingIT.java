package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.Batching;
import dev.vela.MessageRejectedException;
import dev.vela.PartitionedProducer;
import dev.vela.ProducerGroup;
import dev.vela.Vela;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pulsar.client.api.CompressionType;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.common.schema.KeyValue;
import org.apache.pulsar.common.schema.KeyValueEncodingType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that share entries, as ordinary consumers see them. */
class BatchingIT {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Batching AT_INTERVAL =
            Batching.defaults().withFlush(Batching.Flush.AT_INTERVAL).withFlushInterval(Duration.ofMillis(200));
    private static final Batching UNTIL_FLUSHED = AT_INTERVAL.withFlushInterval(Duration.ofSeconds(25));

    private static Vela vela;

    @BeforeAll
    static void connect() {
        vela = Broker.vela();
    }

    @AfterAll
    static void close() throws Exception {
        vela.close();
    }

    private static <T> ProducerGroup<T> start(Schema<T> schema, String topic, Batching batching) throws Exception {
        ProducerGroup<T> group =
                vela.newProducerGroup(schema).topic(topic).batching(batching).start();
        group.awaitReady(LONG);
        return group;
    }

    @Test
    void twelveConcurrentSendsAtSizeThreeMakeFourBatchesOfThree() throws Exception {
        String topic = Broker.freshTopic("twelve");
        ProducerGroup<String> group = start(Schema.STRING, topic, UNTIL_FLUSHED.withMaxMessages(3));

        List<CompletableFuture<CompletableFuture<MessageId>>> sends = IntStream.range(0, 12)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> group.sendAsync("m" + i)))
                .toList();
        for (CompletableFuture<CompletableFuture<MessageId>> send : sends) {
            Answers.receipt(send.join());
        }

        assertThat(DeliveredEntries.sizes(Broker.read(topic, Schema.STRING, 12)))
                .containsExactly(3, 3, 3, 3);
    }

    @Test
    void aLoneMessageLeavesAtTheInterval() throws Exception {
        String topic = Broker.freshTopic("lone");
        ProducerGroup<String> group = start(Schema.STRING, topic, AT_INTERVAL.withFlushInterval(Duration.ofSeconds(3)));

        CompletableFuture<MessageId> answer = group.sendAsync("lone");
        assertThat(answer).isNotDone();

        Answers.receipt(answer);
        assertThat(Broker.read(topic, Schema.STRING, 1))
                .extracting(Message::getValue)
                .containsExactly("lone");
    }

    @Test
    void anEmptyFlushPublishesNothing() throws Exception {
        String topic = Broker.freshTopic("empty");
        ProducerGroup<String> group = start(Schema.STRING, topic, AT_INTERVAL);

        group.flush();
        group.send("first");

        List<Message<String>> messages = Broker.read(topic, Schema.STRING, 1);
        assertThat(((MessageIdAdv) messages.get(0).getMessageId()).getEntryId()).isZero();
    }

    @Test
    void aFlushSendsWhatIsOpen() throws Exception {
        String topic = Broker.freshTopic("flush");
        ProducerGroup<String> group = start(Schema.STRING, topic, UNTIL_FLUSHED);
        List<CompletableFuture<MessageId>> answers =
                IntStream.range(0, 5).mapToObj(i -> group.sendAsync("m" + i)).toList();

        group.flush();

        assertThat(answers).allMatch(CompletableFuture::isDone);
        assertThat(DeliveredEntries.sizes(Broker.read(topic, Schema.STRING, 5))).containsExactly(5);
    }

    @Test
    void theIdOfAMessageIsTheOneThatTheConsumerSees() throws Exception {
        String topic = Broker.freshPartitionedTopic("ids", 2);
        PartitionedProducer<String> producer = vela.newPartitionedProducer(Schema.STRING)
                .topic(topic)
                .batching(AT_INTERVAL)
                .start();
        producer.awaitReady(LONG);
        Map<String, CompletableFuture<MessageId>> answers = new HashMap<>();
        for (int i = 0; i < 20; i++) {
            answers.put(
                    "m" + i, producer.newMessage().key("k" + i).value("m" + i).sendAsync());
        }
        producer.flush();

        for (Message<String> message : Broker.read(topic, Schema.STRING, 20)) {
            Answers.assertSameId(Answers.receipt(answers.get(message.getValue())), message.getMessageId());
        }
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void arrivesIntactWithEachCompression(CompressionType compression) throws Exception {
        String topic = Broker.freshTopic("compressed");
        ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                .topic(topic)
                .compressionType(compression)
                .batching(AT_INTERVAL)
                .start();
        List<String> values =
                IntStream.range(0, 100).mapToObj(i -> i + " again".repeat(50)).toList();

        values.forEach(group::sendAsync);
        group.flush();

        assertThat(Broker.read(topic, Schema.STRING, 100))
                .extracting(Message::getValue)
                .containsExactlyElementsOf(values);
    }

    @Test
    void eachMessageKeepsAllThatItCarries() throws Exception {
        String topic = Broker.freshTopic("carried");
        ProducerGroup<String> group = start(Schema.STRING, topic, UNTIL_FLUSHED);
        Instant time = Instant.ofEpochMilli(1_700_000_000_123L);

        group.newMessage()
                .key("Schlüssel")
                .orderingKey(new byte[] {0, 1, -1})
                .property("größe", "10 €")
                .property("empty", "")
                .eventTime(time)
                .sequenceId(77)
                .value("all")
                .sendAsync();
        group.newMessage()
                .sequenceId(78)
                .keyBytes(new byte[] {-1, 0, 5})
                .value("bytes")
                .sendAsync();
        group.newMessage().sequenceId(79).value(null).sendAsync();
        group.newMessage().sequenceId(80).key(null).value("null key").sendAsync();
        group.newMessage().sequenceId(81).value("").sendAsync();
        group.flush();

        List<Message<String>> messages = Broker.read(topic, Schema.STRING, 5);
        assertThat(DeliveredEntries.sizes(messages)).containsExactly(5);
        Message<String> all = messages.get(0);
        assertThat(all.getKey()).isEqualTo("Schlüssel");
        assertThat(all.getOrderingKey()).containsExactly(0, 1, -1);
        assertThat(all.getProperties()).isEqualTo(Map.of("größe", "10 €", "empty", ""));
        assertThat(all.getEventTime()).isEqualTo(time.toEpochMilli());
        assertThat(all.getSequenceId()).isEqualTo(77);
        assertThat(all.getValue()).isEqualTo("all");
        assertThat(messages.get(1).hasBase64EncodedKey()).isTrue();
        assertThat(messages.get(1).getKeyBytes()).containsExactly(-1, 0, 5);
        assertThat(messages.get(1).getProperties()).isEmpty();
        assertThat(messages.get(2).getValue()).isNull();
        assertThat(messages.get(3).hasKey()).isFalse();
        assertThat(messages.get(3).getValue()).isEqualTo("null key");
        assertThat(messages.get(4).getValue()).isEmpty();
    }

    /** What Avro can make without a constructor of its own. */
    static final class Item {
        String name;
        int count;
    }

    @Test
    void schemasRegisterAndRoundTrip() throws Exception {
        String topic = Broker.freshTopic("avro");
        ProducerGroup<Item> group = start(Schema.AVRO(Item.class), topic, AT_INTERVAL);
        for (int i = 0; i < 10; i++) {
            Item item = new Item();
            item.name = "n" + i;
            item.count = i;
            group.sendAsync(item);
        }
        group.flush();

        List<Message<Item>> messages = Broker.read(topic, Schema.AVRO(Item.class), 10);
        assertThat(messages)
                .extracting(message -> message.getValue().count)
                .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(messages)
                .allSatisfy(message -> assertThat(message.getSchemaVersion()).isNotEmpty());
    }

    @ParameterizedTest
    @EnumSource(KeyValueEncodingType.class)
    void keyValuesRoundTrip(KeyValueEncodingType encoding) throws Exception {
        Schema<KeyValue<String, Integer>> schema = Schema.KeyValue(Schema.STRING, Schema.INT32, encoding);
        String topic = Broker.freshTopic("pairs");
        ProducerGroup<KeyValue<String, Integer>> group = start(schema, topic, UNTIL_FLUSHED);
        for (int i = 0; i < 5; i++) {
            group.sendAsync(new KeyValue<>("k" + i, i));
        }
        group.flush();

        List<Message<KeyValue<String, Integer>>> messages = Broker.read(topic, schema, 5);
        assertThat(DeliveredEntries.sizes(messages)).containsExactly(5);
        assertThat(messages)
                .extracting(message ->
                        message.getValue().getKey() + message.getValue().getValue())
                .containsExactly("k00", "k11", "k22", "k33", "k44");
    }

    @Test
    void messagesOfAnotherSchemaGoAloneInOrder() throws Exception {
        String topic = Broker.freshTopic("mixed");
        ProducerGroup<byte[]> group = start(Schema.BYTES, topic, AT_INTERVAL);
        group.sendAsync("1".getBytes(StandardCharsets.UTF_8));
        group.sendAsync("2".getBytes(StandardCharsets.UTF_8));
        group.newMessage(Schema.STRING).value("3").sendAsync();
        group.sendAsync("4".getBytes(StandardCharsets.UTF_8));
        group.flush();

        assertThat(Broker.read(topic, Schema.BYTES, 4))
                .extracting(message -> new String(message.getValue(), StandardCharsets.UTF_8))
                .containsExactly("1", "2", "3", "4");
    }

    @Test
    void groupedByKeyEntriesHoldOneKeyAndKeysKeepTheirOrder() throws Exception {
        String topic = Broker.freshTopic("grouped");
        ProducerGroup<String> group = start(Schema.STRING, topic, UNTIL_FLUSHED.withKeyBased());
        for (int i = 0; i < 60; i++) {
            group.newMessage().key("k" + i % 4).value("v" + i).sendAsync();
        }
        group.flush();

        List<Message<String>> messages = Broker.read(topic, Schema.STRING, 60);
        Map<Long, Set<String>> keysOfEntry = new HashMap<>();
        Map<String, List<String>> valuesOfKey = new HashMap<>();
        for (Message<String> message : messages) {
            long entry = ((MessageIdAdv) message.getMessageId()).getEntryId();
            keysOfEntry.computeIfAbsent(entry, absent -> new HashSet<>()).add(message.getKey());
            valuesOfKey
                    .computeIfAbsent(message.getKey(), absent -> new ArrayList<>())
                    .add(message.getValue());
        }
        assertThat(keysOfEntry.values()).hasSize(4).allMatch(keys -> keys.size() == 1);
        for (int key = 0; key < 4; key++) {
            int first = key;
            assertThat(valuesOfKey.get("k" + key))
                    .containsExactlyElementsOf(IntStream.range(0, 15)
                            .mapToObj(i -> "v" + (first + 4 * i))
                            .toList());
        }
    }

    @Test
    void anOversizeMessageFailsAlone() throws Exception {
        String topic = Broker.freshTopic("oversize");
        ProducerGroup<byte[]> group = start(Schema.BYTES, topic, AT_INTERVAL);

        CompletableFuture<MessageId> before = group.sendAsync(new byte[10]);
        CompletableFuture<MessageId> oversize = group.sendAsync(new byte[2 * Broker.MAX_MESSAGE_BYTES]);
        CompletableFuture<MessageId> after = group.sendAsync(new byte[10]);

        Answers.notSent(oversize, MessageRejectedException.class);
        Answers.receipt(before);
        Answers.receipt(after);
    }

    @Test
    void unkeyedMessagesReachAllPartitions() throws Exception {
        String topic = Broker.freshPartitionedTopic("spread", 3);
        PartitionedProducer<String> producer = vela.newPartitionedProducer(Schema.STRING)
                .topic(topic)
                .batching(AT_INTERVAL.withMaxMessages(5))
                .start();
        producer.awaitReady(LONG);

        for (int i = 0; i < 300; i++) {
            producer.sendAsync("m" + i);
        }
        producer.flush();

        List<Message<String>> messages = Broker.read(topic, Schema.STRING, 300);
        Map<Integer, Long> perPartition = messages.stream()
                .collect(Collectors.groupingBy(
                        message -> ((MessageIdAdv) message.getMessageId()).getPartitionIndex(), Collectors.counting()));
        assertThat(perPartition).hasSize(3);
        assertThat(perPartition.values()).allMatch(count -> count >= 5);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aLoadOfManyThreadsIsReadBackOnceAndInOrder(int producers) throws Exception {
        // Given
        int threads = 16;
        int each = 2_000;
        String topic = Broker.freshPartitionedTopic("load", 4);
        PartitionedProducer<String> producer = vela.newPartitionedProducer(Schema.STRING)
                .topic(topic)
                .producers(producers)
                .batching(Batching.defaults().withMaxMessages(100).withMaxBytes(4096))
                .start();
        producer.awaitReady(LONG);

        // When each thread sends to keys of its own, some large, some later, some flushed
        List<CompletableFuture<List<CompletableFuture<MessageId>>>> all = IntStream.range(0, threads)
                .mapToObj(thread -> CompletableFuture.supplyAsync(() -> {
                    Random random = new Random(thread);
                    List<CompletableFuture<MessageId>> answers = new ArrayList<>();
                    for (int i = 0; i < each; i++) {
                        int size = random.nextInt(50) == 0 ? 6_000 : random.nextInt(200);
                        answers.add(producer.newMessage()
                                .key("t" + thread + "-" + i % 3)
                                .property("n", Integer.toString(i))
                                .value("x".repeat(size))
                                .timeout(LONG)
                                .sendAsync());
                        if (random.nextInt(300) == 0) {
                            answers.get(answers.size() - 1).join();
                        }
                    }
                    return answers;
                }))
                .toList();
        for (CompletableFuture<List<CompletableFuture<MessageId>>> answers : all) {
            answers.join().forEach(Answers::receipt);
        }

        // Then
        Map<String, Integer> last = new HashMap<>();
        List<Message<String>> messages = Broker.read(topic, Schema.STRING, threads * each);
        for (Message<String> message : messages) {
            int number = Integer.parseInt(message.getProperty("n"));
            Integer before = last.put(message.getKey(), number);
            assertThat(number)
                    .isEqualTo(
                            before == null ? Integer.parseInt(message.getKey().split("-")[1]) : before + 3);
        }
        assertThat(messages).hasSize(threads * each);
        assertThat(producer.snapshot().groups()).allMatch(group -> group.pendingMessages() == 0);
    }

    @Test
    void aStopSendsWhatIsOpen() throws Exception {
        String topic = Broker.freshTopic("stopped");
        ProducerGroup<String> group = start(Schema.STRING, topic, UNTIL_FLUSHED);
        List<CompletableFuture<MessageId>> answers =
                IntStream.range(0, 7).mapToObj(i -> group.sendAsync("m" + i)).toList();

        group.close();

        answers.forEach(Answers::receipt);
        assertThat(Broker.read(topic, Schema.STRING, 7)).hasSize(7);
    }
}
