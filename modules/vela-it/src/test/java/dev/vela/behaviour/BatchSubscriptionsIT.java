package dev.vela.behaviour;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vela.Batching;
import dev.vela.ProducerGroup;
import dev.vela.Vela;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pulsar.client.api.BatchReceivePolicy;
import org.apache.pulsar.client.api.CompressionType;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.ConsumerBuilder;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Messages;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Reader;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.SubscriptionInitialPosition;
import org.apache.pulsar.client.api.SubscriptionType;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Entries of many messages, in all the ways in which they can be subscribed to. */
class BatchSubscriptionsIT {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Batching UNTIL_FLUSHED =
            Batching.defaults().withFlush(Batching.Flush.AT_INTERVAL).withFlushInterval(Duration.ofSeconds(25));

    @AutoClose
    private final Vela vela = Broker.vela();

    private final String topic = Broker.freshTopic("subscribed");

    /** A message, and which of several consumers received it. */
    private record Received(String consumer, Message<String> message) {}

    private ProducerGroup<String> start(Batching batching, CompressionType compression) throws PulsarClientException {
        ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                .topic(topic)
                .compressionType(compression)
                .batching(batching)
                .start();
        group.awaitReady(LONG);
        return group;
    }

    /** Sends m0 to m(count - 1) in one entry. */
    private List<MessageId> sendInOneEntry(int count) throws PulsarClientException {
        return sendInOneEntry(start(UNTIL_FLUSHED, CompressionType.NONE), 0, count);
    }

    private static List<MessageId> sendInOneEntry(ProducerGroup<String> group, int from, int to)
            throws PulsarClientException {
        List<CompletableFuture<MessageId>> answers =
                values(from, to).stream().map(group::sendAsync).toList();
        group.flush();
        return answers.stream().map(Answers::receipt).toList();
    }

    private static List<String> values(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "m" + i).toList();
    }

    private ConsumerBuilder<String> consumer(SubscriptionType type) {
        return Broker.client()
                .newConsumer(Schema.STRING)
                .topic(topic)
                .subscriptionName("s")
                .subscriptionType(type)
                .subscriptionInitialPosition(SubscriptionInitialPosition.Earliest);
    }

    private static List<String> receive(Consumer<String> consumer, int count) throws PulsarClientException {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Message<String> message = consumer.receive(60, TimeUnit.SECONDS);
            assertThat(message).as("message %s", i).isNotNull();
            values.add(message.getValue());
        }
        return values;
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void keySharedConsumersGetEachKeyWholeAndInOrder(CompressionType compression) throws Exception {
        // Given three consumers
        Queue<Received> received = new ConcurrentLinkedQueue<>();
        List<Consumer<String>> consumers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            consumers.add(consumer(SubscriptionType.Key_Shared)
                    .consumerName("consumer-" + i)
                    .messageListener((consumer, message) -> {
                        received.add(new Received(consumer.getConsumerName(), message));
                        consumer.acknowledgeAsync(message);
                    })
                    .subscribe());
        }

        // When messages of thirty keys and thirty ordering keys are sent, by turns
        ProducerGroup<String> group = start(UNTIL_FLUSHED.withKeyBased(), compression);
        for (int i = 0; i < 600; i++) {
            String number = Integer.toString(i % 60);
            (i % 2 == 0
                            ? group.newMessage().key(number)
                            : group.newMessage().key("same").orderingKey(number.getBytes(UTF_8)))
                    .property("group", number)
                    .value(i + " and again".repeat(100))
                    .sendAsync();
        }
        group.flush();

        // Then
        await().atMost(LONG).until(() -> received.size() == 600);
        assertThat(received).extracting(Received::consumer).contains("consumer-0", "consumer-1", "consumer-2");
        Map<String, List<Received>> byGroup = received.stream()
                .collect(Collectors.groupingBy(one -> one.message().getProperty("group")));
        byGroup.forEach((number, ofGroup) -> {
            assertThat(ofGroup)
                    .extracting(Received::consumer)
                    .containsOnly(ofGroup.get(0).consumer());
            assertThat(ofGroup)
                    .extracting(one -> one.message().getValue())
                    .containsExactlyElementsOf(IntStream.range(0, 10)
                            .mapToObj(i -> Integer.parseInt(number) + 60 * i + " and again".repeat(100))
                            .toList());
        });
        for (Consumer<String> consumer : consumers) {
            consumer.close();
        }
    }

    @Test
    void sharedConsumersAcknowledgeMessagesOfAnEntryOneByOne() throws Exception {
        sendInOneEntry(20);
        ConsumerBuilder<String> shared = consumer(SubscriptionType.Shared).enableBatchIndexAcknowledgment(true);
        try (Consumer<String> first = shared.subscribe()) {
            for (int i = 0; i < 20; i++) {
                Message<String> message = first.receive(60, TimeUnit.SECONDS);
                if (i % 2 == 0) {
                    first.acknowledge(message);
                }
            }
        }

        try (Consumer<String> second = shared.subscribe()) {
            assertThat(receive(second, 10))
                    .containsExactlyElementsOf(IntStream.range(0, 10)
                            .mapToObj(i -> "m" + (2 * i + 1))
                            .toList());
        }
    }

    @Test
    void aFailoverConsumerGoesOnWhereTheFirstEnded() throws Exception {
        ProducerGroup<String> group = start(UNTIL_FLUSHED, CompressionType.NONE);
        sendInOneEntry(group, 0, 20);
        sendInOneEntry(group, 20, 40);
        try (Consumer<String> first =
                consumer(SubscriptionType.Failover).consumerName("a").subscribe()) {
            for (int i = 0; i < 20; i++) {
                Message<String> message = first.receive(60, TimeUnit.SECONDS);
                assertThat(message.getValue()).isEqualTo("m" + i);
                first.acknowledge(message);
            }
            try (Consumer<String> second =
                    consumer(SubscriptionType.Failover).consumerName("b").subscribe()) {
                first.close();

                assertThat(receive(second, 20)).containsExactlyElementsOf(values(20, 40));
            }
        }
    }

    @Test
    void anExclusiveConsumerSeeksIntoTheMidstOfAnEntry() throws Exception {
        List<MessageId> receipts = sendInOneEntry(20);
        try (Consumer<String> exclusive =
                consumer(SubscriptionType.Exclusive).startMessageIdInclusive().subscribe()) {
            receive(exclusive, 20);

            exclusive.seek(receipts.get(13));

            assertThat(receive(exclusive, 7)).containsExactlyElementsOf(values(13, 20));
        }
    }

    @Test
    void aReaderStartsInTheMidstOfAnEntry() throws Exception {
        List<MessageId> receipts = sendInOneEntry(20);
        try (Reader<String> reader = Broker.client()
                .newReader(Schema.STRING)
                .topic(topic)
                .startMessageId(receipts.get(7))
                .create()) {
            List<String> values = new ArrayList<>();
            while (reader.hasMessageAvailable()) {
                values.add(reader.readNext(60, TimeUnit.SECONDS).getValue());
            }
            assertThat(values).containsExactlyElementsOf(values(8, 20));
        }
    }

    @Test
    void aConsumerTakesPartsOfAnEntryAtATime() throws Exception {
        sendInOneEntry(21);
        try (Consumer<String> consumer = consumer(SubscriptionType.Exclusive)
                .batchReceivePolicy(BatchReceivePolicy.builder()
                        .maxNumMessages(7)
                        .timeout(60, TimeUnit.SECONDS)
                        .build())
                .subscribe()) {
            List<String> values = new ArrayList<>();
            while (values.size() < 21) {
                Messages<String> some = consumer.batchReceive();
                assertThat(some.size()).isBetween(1, 7);
                some.forEach(message -> values.add(message.getValue()));
                consumer.acknowledge(some);
            }
            assertThat(values).containsExactlyElementsOf(values(0, 21));
        }
    }
}
