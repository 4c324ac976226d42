package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vela.Batching;
import dev.vela.MessageRejectedException;
import dev.vela.NoProducersAvailableException;
import dev.vela.PartitionedProducer;
import dev.vela.ProducerGroup;
import dev.vela.SendCallback;
import dev.vela.Vela;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.interceptor.ProducerInterceptor;
import org.apache.pulsar.client.impl.MessageImpl;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Interceptors see messages, whether these share an entry or not. */
class InterceptorsIT {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final int MESSAGES = 10;
    private static final Batching UNTIL_FLUSHED =
            Batching.defaults().withFlush(Batching.Flush.AT_INTERVAL).withFlushInterval(Duration.ofSeconds(20));

    @AutoClose
    private final Vela vela = Broker.vela();

    private final Tracer tracer = new Tracer();

    /** Puts a header into each message, and notes all that it is told. */
    @SuppressWarnings("rawtypes")
    private static class Tracer implements ProducerInterceptor {
        final Queue<String> seen = new ConcurrentLinkedQueue<>();
        final Queue<String> answers = new ConcurrentLinkedQueue<>();
        final Queue<MessageId> ids = new ConcurrentLinkedQueue<>();
        final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        final Queue<Long> times = new ConcurrentLinkedQueue<>();
        final Queue<String> changes = new ConcurrentLinkedQueue<>();
        final AtomicInteger closings = new AtomicInteger();

        @Override
        public boolean eligible(Message message) {
            return !"private".equals(message.getKey());
        }

        @Override
        public @Nullable Message beforeSend(Producer producer, Message message) {
            seen.add(message.getTopicName() + " " + message.getKey() + "=" + message.getValue() + " "
                    + message.getProperty("own") + " " + message.getSequenceId() + " of " + producer.getTopic());
            ((MessageImpl<?>) message)
                    .getMessageBuilder()
                    .addProperty()
                    .setKey("trace")
                    .setValue("of " + message.getValue());
            return message;
        }

        @Override
        public void onSendAcknowledgement(
                Producer producer, Message message, @Nullable MessageId id, @Nullable Throwable failure) {
            answers.add(message.getValue() + " " + message.getMessageId());
            if (id != null) {
                ids.add(id);
            }
            if (failure != null) {
                failures.add(failure);
            }
            times.add(message.getPublishTime());
        }

        @Override
        public void onPartitionsChange(String topic, int partitions) {
            changes.add(topic + " " + partitions);
        }

        @Override
        public void close() {
            closings.incrementAndGet();
        }
    }

    @Test
    void eachMessageOfABatchIsSeenAndKeepsWhatWasAdded() throws Exception {
        // Given messages that share an entry
        String topic = Broker.freshTopic("intercepted");
        ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                .topic(topic)
                .batching(UNTIL_FLUSHED)
                .customize(builder -> builder.intercept(tracer))
                .start();
        group.awaitReady(LONG);
        List<CompletableFuture<MessageId>> answers = new ArrayList<>();
        for (int i = 0; i < MESSAGES; i++) {
            answers.add(group.newMessage()
                    .key("k")
                    .property("own", "p" + i)
                    .value("m" + i)
                    .sendAsync());
        }
        group.flush();

        // Then each was seen as it was given, and arrives with what was added
        assertThat(tracer.seen)
                .containsExactlyElementsOf(IntStream.range(0, MESSAGES)
                        .mapToObj(i -> topic + " k=m" + i + " p" + i + " -1 of " + topic)
                        .toList());
        List<Message<String>> messages = Broker.read(topic, Schema.STRING, MESSAGES);
        assertThat(messages)
                .extracting(message -> message.getProperty("trace"))
                .containsExactlyElementsOf(
                        IntStream.range(0, MESSAGES).mapToObj(i -> "of m" + i).toList());
        assertThat(messages).extracting(message -> message.getProperty("own")).contains("p0", "p9");

        // And was answered by its own id
        List<MessageId> receipts = answers.stream().map(Answers::receipt).toList();
        assertThat(tracer.ids).containsExactlyElementsOf(receipts).doesNotHaveDuplicates();
        for (int i = 0; i < MESSAGES; i++) {
            Answers.assertSameId(receipts.get(i), messages.get(i).getMessageId());
        }
        assertThat(tracer.answers)
                .containsExactlyElementsOf(IntStream.range(0, MESSAGES)
                        .mapToObj(i -> "m" + i + " " + receipts.get(i))
                        .toList());

        // And can tell how long it took
        assertThat(tracer.times).hasSize(MESSAGES);
        assertThat(tracer.times.element()).isBetween(1L, messages.get(0).getPublishTime());

        // And they are closed with the handle, once, and an entry of several there was
        assertThat(DeliveredEntries.sizes(messages)).hasSizeLessThan(MESSAGES);
        group.close();
        assertThat(tracer.closings).hasValue(1);

        // And are shown nothing any more
        Answers.notSent(group.sendAsync("late"), NoProducersAvailableException.class);
        assertThat(tracer.seen).hasSize(MESSAGES);
        assertThat(tracer.answers).hasSize(MESSAGES);

        // Nor does a callback that sends again what is refused do so without end
        AtomicInteger refusals = new AtomicInteger();
        group.sendAsync("late", new SendCallback() {
            @Override
            public void onAnswer(@Nullable MessageId receipt, @Nullable Throwable failure) {
                refusals.incrementAndGet();
                group.sendAsync("again", this);
            }
        });
        assertThat(refusals).hasValueLessThan(100);
    }

    @Test
    void theyAreClosedWhereTheStartFailsOrIsGivenUp() throws Exception {
        // Given a topic that cannot be had as asked
        String topic = Broker.freshTopic("intercepted-unstarted");
        CompletableFuture<?> failed = vela.newPartitionedProducer(Schema.STRING)
                .topic(topic)
                .customize(builder -> builder.intercept(tracer))
                .startAsync();
        Answers.failure(failed, PulsarClientException.class);
        await().atMost(LONG).until(() -> tracer.closings.get() == 1);

        // Or a start that is stopped while the customizer is at it
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Tracer late = new Tracer();
        CompletableFuture<ProducerGroup<String>> stopped = vela.newProducerGroup(Schema.STRING)
                .topic(topic)
                .customize(builder -> {
                    builder.intercept(late);
                    asked.countDown();
                    awaitUninterrupted(goOn);
                })
                .startAsync();
        assertThat(asked.await(1, TimeUnit.MINUTES)).isTrue();
        Answers.value(vela.stopAsync(topic, Duration.ZERO));
        goOn.countDown();
        Answers.failure(stopped, PulsarClientException.AlreadyClosedException.class);
        await().atMost(LONG).until(() -> late.closings.get() == 1);
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aKeyThatAnInterceptorBrokeFailsTheMessageAlone() throws Exception {
        // Given an interceptor that writes text where the bytes of a key are
        String topic = Broker.freshPartitionedTopic("intercepted-key", 2);
        PartitionedProducer<String> producer = vela.newPartitionedProducer(Schema.STRING)
                .topic(topic)
                .customize(builder -> builder.intercept(new Tracer() {
                    @Override
                    @SuppressWarnings("rawtypes")
                    public Message beforeSend(Producer official, Message message) {
                        ((MessageImpl<?>) message).getMessageBuilder().setPartitionKey("no-base-64");
                        return message;
                    }
                }))
                .start();

        Answers.notSent(
                producer.newMessage().keyBytes(new byte[] {1}).value("m").sendAsync(), MessageRejectedException.class);
        producer.newMessage().key("k").value("m").timeout(LONG).send();

        assertThat(producer.stopAsync(Duration.ofHours(1))).succeedsWithin(LONG);
    }

    @Test
    void waysOfSendingAndOfFailing() throws Exception {
        String topic = Broker.freshTopic("intercepted-ways");
        ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                .topic(topic)
                .customize(builder -> builder.intercept(tracer, new Tracer() {
                    @Override
                    @SuppressWarnings("rawtypes")
                    public Message beforeSend(Producer producer, Message message) {
                        throw new IllegalStateException("careless");
                    }
                }))
                .start();

        // A blocking send, a bare value, a callback; one of no interest
        group.send("blocking");
        Answers.receipt(group.sendAsync("future"));
        CompletableFuture<@Nullable MessageId> told = new CompletableFuture<>();
        group.sendAsync("callback", (receipt, failure) -> told.complete(receipt));
        assertThat(told).succeedsWithin(LONG).isNotNull();
        group.newMessage().key("private").value("of no interest").send();

        assertThat(tracer.seen).hasSize(3);
        assertThat(tracer.ids).hasSize(3);
        assertThat(tracer.failures).isEmpty();

        // One that is too large fails, and the interceptors are told why
        CompletableFuture<MessageId> tooLarge = group.sendAsync("x".repeat(6 << 20));
        MessageRejectedException rejection = Answers.notSent(tooLarge, MessageRejectedException.class);
        await().atMost(LONG).until(() -> tracer.failures.size() == 1);
        assertThat(tracer.failures).containsExactly(rejection);
        assertThat(Broker.read(topic, Schema.STRING, 4))
                .extracting(message -> message.getProperty("trace"))
                .containsExactly("of blocking", "of future", "of callback", null);
    }

    @Test
    void aBlockingSendReturnsWhileACallbackOfTheHandleBlocks() throws Exception {
        // Given a callback that does not return
        ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                .topic(Broker.freshTopic("intercepted-blocked"))
                .customize(builder -> builder.intercept(tracer))
                .start();
        group.awaitReady(LONG);
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        group.sendAsync("callback", (receipt, failure) -> {
            blocked.countDown();
            awaitUninterrupted(goOn);
        });
        assertThat(blocked.await(1, TimeUnit.MINUTES)).isTrue();

        // When a thread waits for its message, then it gets the receipt
        CompletableFuture<MessageId> receipt = CompletableFuture.supplyAsync(() -> {
            try {
                return group.newMessage().value("blocking").timeout(LONG).send();
            } catch (PulsarClientException e) {
                throw new CompletionException(e);
            }
        });
        assertThat(receipt).succeedsWithin(Duration.ofMinutes(1));

        // And the interceptors are told when their turn comes, before they are closed
        assertThat(tracer.ids).hasSize(1);
        goOn.countDown();
        group.close();
        assertThat(tracer.ids).hasSize(2).last().isEqualTo(receipt.join());
    }

    @Test
    void aMessageThatAnInterceptorTookAwayIsNotSent() throws Exception {
        String topic = Broker.freshTopic("intercepted-null");
        ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                .topic(topic)
                .customize(builder -> builder.intercept(new Tracer() {
                    @Override
                    @SuppressWarnings("rawtypes")
                    public @Nullable Message beforeSend(Producer producer, Message message) {
                        return "bad".equals(message.getValue()) ? null : message;
                    }
                }))
                .start();

        Answers.notSent(group.sendAsync("bad"), MessageRejectedException.class);
        group.send("good");

        assertThat(Broker.read(topic, Schema.STRING, 1))
                .extracting(Message::getValue)
                .containsExactly("good");
    }

    @Test
    @SuppressWarnings({"deprecation", "unchecked"})
    void interceptorOfTheOldKindIsToldOfNewPartitions() throws Exception {
        // Given a partitioned producer with interceptors of both kinds
        String topic = Broker.freshPartitionedTopic("intercepted-growth", 2);
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        var old = new org.apache.pulsar.client.api.ProducerInterceptor<String>() {
            @Override
            public Message<String> beforeSend(Producer<String> producer, Message<String> message) {
                seen.add(producer.getTopic() + " " + message.getTopicName() + " " + message.getValue());
                return message;
            }

            @Override
            public void onSendAcknowledgement(
                    Producer<String> producer,
                    Message<String> message,
                    @Nullable MessageId id,
                    @Nullable Throwable failure) {}

            @Override
            public void onPartitionsChange(String changed, int partitions) {
                seen.add(changed + " has " + partitions);
            }

            @Override
            public void close() {}
        };
        PartitionedProducer<String> producer = vela.newPartitionedProducer(Schema.STRING)
                .topic(topic)
                .autoUpdatePartitionsInterval(Duration.ofSeconds(1))
                .customize(builder -> builder.intercept(tracer).intercept(old))
                .start();
        producer.newMessage().value("one").timeout(LONG).send();

        // When the topic gets more of them
        Broker.admin().updatePartitions(topic, 3);

        // Then they are told
        await().atMost(LONG).until(() -> !tracer.changes.isEmpty());
        assertThat(tracer.changes).containsExactly(topic + " 3");
        await().atMost(LONG).until(() -> seen.size() == 2);
        assertThat(seen).containsExactly(topic + " " + topic + " one", topic + " has 3");
    }
}
