package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vela.MessageRejectedException;
import dev.vela.NoProducersAvailableException;
import dev.vela.PartitionedProducer;
import dev.vela.ProducerGroup;
import dev.vela.SendCallback;
import dev.vela.SendFailedException;
import dev.vela.Vela;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.interceptor.ProducerInterceptor;
import org.apache.pulsar.client.api.transaction.Transaction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Messages of a transaction whose coordinator is silent: they are held to what is promised of all messages. */
class TransactionPromisesIT {
    private static final Duration LONG = Duration.ofMinutes(1);

    private static Wire wire;
    private static Vela vela;

    @BeforeAll
    static void connect() throws Exception {
        TransactionalBroker.pulsar();
        wire = new Wire();
        vela = new PatientVela(Vela.builder()
                .serviceUrl(TransactionalBroker.url())
                .customizeClient(client -> wire.join(client.enableTransaction(true)))
                .build());
    }

    @AfterAll
    static void close() throws Exception {
        vela.close();
        wire.close();
    }

    @AfterEach
    void releaseAnswers() {
        wire.releaseAnswers();
    }

    @Test
    void oneIsAnsweredByItsDeadlineAndNotSentLater() throws Exception {
        String topic = TransactionalBroker.freshTopic("deadline");
        ProducerGroup<String> group = ready(topic, 100);
        MessageIdAdv before = (MessageIdAdv) Answers.receipt(group.sendAsync("before"));
        Transaction transaction = begin();

        // When the coordinator does not answer in time
        wire.holdAnswers();
        CompletableFuture<MessageId> answer = group.newMessage(transaction)
                .value("late")
                .timeout(Duration.ofMillis(300))
                .sendAsync();
        CompletableFuture<Throwable> told = answer.handle((receipt, failure) -> failure);
        CompletableFuture<String> thread = new CompletableFuture<>();
        group.newMessage(transaction)
                .value("late")
                .timeout(Duration.ofMillis(300))
                .sendAsync((receipt, failure) ->
                        thread.complete(Thread.currentThread().getName()));

        // Then it fails all the same, with no wrapper, on a thread that is there for it
        Answers.notSent(answer, SendFailedException.class);
        assertThat(told).succeedsWithin(LONG).isInstanceOf(SendFailedException.class);
        assertThat(thread).succeedsWithin(LONG).asString().startsWith("vela-callback-");

        // And it is not sent when the coordinator answers
        wire.releaseAnswers();
        MessageIdAdv next = (MessageIdAdv)
                Answers.receipt(group.newMessage(transaction).value("next").sendAsync());
        assertThat(next.getLedgerId()).isEqualTo(before.getLedgerId());
        assertThat(next.getEntryId()).isEqualTo(before.getEntryId() + 1);

        // And a commit, which would be one of a part, fails
        Answers.failure(transaction.commit(), PulsarClientException.TransactionHasOperationFailedException.class);
        assertNothingPending(group);
    }

    @Test
    void thoseSentBeforeTheirTopicIsKnownAreStoredInTheirOrder() throws Exception {
        String topic = TransactionalBroker.freshTopic("order");
        ProducerGroup<String> group = ready(topic, 100);
        Transaction transaction = begin();
        List<String> values = IntStream.range(0, 50).mapToObj(Integer::toString).toList();

        wire.holdAnswers();
        List<CompletableFuture<MessageId>> first = send(group, transaction, values.subList(0, 25));
        wire.releaseAnswers();
        List<CompletableFuture<MessageId>> second = send(group, transaction, values.subList(25, 50));

        assertThat(first).allSatisfy(answer -> assertThat(answer).succeedsWithin(LONG));
        assertThat(second).allSatisfy(answer -> assertThat(answer).succeedsWithin(LONG));
        Answers.value(transaction.commit());
        assertThat(TransactionalBroker.read(vela.client(), topic, Schema.STRING, 50))
                .extracting(Message::getValue)
                .containsExactlyElementsOf(values);
    }

    @Test
    void aFlushWaitsForThem() throws Exception {
        ProducerGroup<String> group = ready(TransactionalBroker.freshTopic("flush"), 100);
        Transaction transaction = begin();

        wire.holdAnswers();
        List<CompletableFuture<MessageId>> answers = send(group, transaction, List.of("1", "2", "3"));
        CompletableFuture<Void> flushed = group.flushAsync();

        assertThat(group.snapshot().groups().get(0).waiting()).isEqualTo(3);
        assertThat(flushed).isNotDone();
        wire.releaseAnswers();
        assertThat(flushed).succeedsWithin(LONG);
        assertThat(answers).allMatch(CompletableFuture::isDone);
        Answers.value(transaction.commit());
    }

    @Test
    void aStopAnswersThem() throws Exception {
        ProducerGroup<String> group = ready(TransactionalBroker.freshTopic("stop"), 100);
        Transaction transaction = begin();

        wire.holdAnswers();
        List<CompletableFuture<MessageId>> answers = send(group, transaction, List.of("1", "2", "3"));
        CompletableFuture<Void> stopped = group.stopAsync(Duration.ofMillis(100));
        answers.forEach(answer -> Answers.notSent(answer, NoProducersAvailableException.class));

        wire.releaseAnswers();
        assertThat(stopped).succeedsWithin(LONG);
        Answers.failure(transaction.commit(), PulsarClientException.TransactionHasOperationFailedException.class);
    }

    @Test
    void aCallbackThatSendsAgainWhatAStoppedHandleRefusedComesToAnEnd() throws Exception {
        ProducerGroup<String> group = ready(TransactionalBroker.freshTopic("again"), 100);
        Transaction transaction = begin();
        group.close();

        List<Thread> told = new CopyOnWriteArrayList<>();
        group.newMessage(transaction).value("late").sendAsync(new SendCallback() {
            @Override
            public void onAnswer(MessageId receipt, Throwable failure) {
                told.add(Thread.currentThread());
                group.newMessage(transaction).value("again").sendAsync(this);
            }
        });

        // It is refused for good before the call returns, and no thread of the runtime goes on with it
        assertThat(told).hasSizeBetween(1, 100).containsOnly(Thread.currentThread());
        Answers.failure(transaction.commit(), PulsarClientException.TransactionHasOperationFailedException.class);
    }

    @Test
    void aDrainSendsThem() throws Exception {
        ProducerGroup<String> group = ready(TransactionalBroker.freshTopic("drain"), 100);
        Transaction transaction = begin();

        wire.holdAnswers();
        List<CompletableFuture<MessageId>> answers = send(group, transaction, List.of("1", "2", "3"));
        CompletableFuture<Void> stopped = group.stopAsync(LONG);
        Answers.notSent(
                group.newMessage(transaction).value("after the stop").sendAsync(), NoProducersAvailableException.class);
        wire.releaseAnswers();

        assertThat(stopped).succeedsWithin(LONG);
        assertThat(answers).allSatisfy(answer -> assertThat(answer).succeedsWithin(LONG));
    }

    @Test
    void theyHoldTheirRoomWhileTheyWait() throws Exception {
        ProducerGroup<String> group = ready(TransactionalBroker.freshTopic("room"), 2);
        Transaction transaction = begin();

        // Given a full budget, of messages whose coordinator does not answer
        wire.holdAnswers();
        List<CompletableFuture<MessageId>> answers = send(group, transaction, List.of("1", "2"));
        assertThat(group.snapshot().groups().get(0).pendingMessages()).isEqualTo(2);

        // When one more is sent, then it waits in the call
        CompletableFuture<MessageId> third = CompletableFuture.supplyAsync(
                        () -> group.newMessage(transaction).value("3").sendAsync(), task -> new Thread(task).start())
                .thenCompose(answer -> answer);
        await().during(Duration.ofMillis(100))
                .atMost(LONG)
                .until(() -> group.snapshot().groups().get(0).pendingMessages() == 2 && !third.isDone());

        // And is sent when there is room
        wire.releaseAnswers();
        assertThat(answers).allSatisfy(answer -> assertThat(answer).succeedsWithin(LONG));
        assertThat(third).succeedsWithin(LONG);
        Answers.value(transaction.commit());
        assertNothingPending(group);
    }

    @Test
    void thoseWithoutAKeyGoWhereThereIsRoom() throws Exception {
        // Given as much room as there are messages, a part of it in each partition
        int partitions = 8;
        PartitionedProducer<String> producer = vela.newPartitionedProducer(Schema.STRING)
                .topic(TransactionalBroker.freshPartitionedTopic("room", partitions))
                .maxPendingMessages(1)
                .blockIfQueueFull(false)
                .start();
        producer.awaitReady(LONG);
        Transaction transaction = begin();

        // When none of it is given back before all are sent
        wire.holdAnswers();
        List<CompletableFuture<MessageId>> answers = IntStream.range(0, partitions)
                .mapToObj(i ->
                        producer.newMessage(transaction).value("no key " + i).sendAsync())
                .toList();
        wire.releaseAnswers();

        // Then none is refused
        answers.forEach(Answers::receipt);
        Answers.value(transaction.commit());
    }

    @Test
    void aCommitWaitsForOneWhoseFutureWasCancelled() throws Exception {
        String topic = TransactionalBroker.freshTopic("cancel");
        ProducerGroup<String> group = ready(topic, 100);
        Transaction transaction = begin();

        wire.holdAnswers();
        CompletableFuture<MessageId> answer =
                group.newMessage(transaction).value("cancelled").sendAsync();
        answer.cancel(false);
        CompletableFuture<Void> committed = transaction.commit();
        wire.releaseAnswers();

        Answers.value(committed);
        Answers.receipt(group.sendAsync("after"));
        assertThat(TransactionalBroker.read(vela.client(), topic, Schema.STRING, 2))
                .extracting(Message::getValue)
                .containsExactly("cancelled", "after");
    }

    @Test
    void oneThatComesAfterTheCommitIsRefused() throws Exception {
        String topic = TransactionalBroker.freshTopic("over");
        ProducerGroup<String> group = ready(topic, 100);
        Transaction transaction = begin();
        Answers.receipt(group.newMessage(transaction).value("in time").sendAsync());
        Answers.value(transaction.commit());

        Answers.notSent(group.newMessage(transaction).value("too late").sendAsync(), SendFailedException.class);

        // Nor does it keep readers from what comes later
        Answers.receipt(group.sendAsync("after"));
        assertThat(TransactionalBroker.read(vela.client(), topic, Schema.STRING, 2))
                .extracting(Message::getValue)
                .containsExactly("in time", "after");
        assertNothingPending(group);
    }

    @Test
    void aCommitFailsForOneThatCouldNotBeEncodedOrThatAnInterceptorTookAway() throws Exception {
        ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                .topic(TransactionalBroker.freshTopic("encode"))
                .customize(builder -> builder.intercept(new Censor()))
                .start();
        group.awaitReady(LONG);

        Transaction censored = begin();
        CompletableFuture<MessageId> good =
                group.newMessage(censored).value("good").sendAsync();
        Answers.notSent(group.newMessage(censored).value("bad").sendAsync(), MessageRejectedException.class);
        Answers.receipt(good);
        Answers.failure(censored.commit(), PulsarClientException.TransactionHasOperationFailedException.class);

        Transaction malformed = begin();
        Answers.notSent(
                group.newMessage(Schema.AUTO_PRODUCE_BYTES(Schema.INT32), malformed)
                        .value(new byte[1])
                        .sendAsync(),
                MessageRejectedException.class);
        Answers.failure(malformed.commit(), PulsarClientException.TransactionHasOperationFailedException.class);
    }

    /** Takes away what is bad. */
    @SuppressWarnings("rawtypes")
    private static final class Censor implements ProducerInterceptor {
        @Override
        public boolean eligible(Message message) {
            return true;
        }

        @Override
        public @Nullable Message beforeSend(Producer producer, Message message) {
            return "bad".equals(message.getValue()) ? null : message;
        }

        @Override
        public void onSendAcknowledgement(
                Producer producer, Message message, @Nullable MessageId id, @Nullable Throwable failure) {}

        @Override
        public void close() {}
    }

    @Test
    void thoseOfOtherTransactionsDoNotWaitForThem() throws Exception {
        // Given a transaction that knows of the topic, and one that does not
        String topic = TransactionalBroker.freshTopic("others");
        ProducerGroup<String> group = ready(topic, 100);
        Transaction known = begin();
        Answers.receipt(group.newMessage(known).value("known 1").sendAsync());
        Transaction unknown = begin();

        // When the coordinator falls silent
        wire.holdAnswers();
        CompletableFuture<MessageId> waiting =
                group.newMessage(unknown).value("unknown").sendAsync();
        CompletableFuture<MessageId> leaving =
                group.newMessage(known).value("known 2").sendAsync();
        CompletableFuture<MessageId> plain = group.sendAsync("plain");

        // Then all but the messages of the one have left
        await().atMost(LONG).until(() -> group.producers().get(0).inFlight() == 2);
        assertThat(group.snapshot().groups().get(0).waiting()).isEqualTo(1);
        wire.releaseAnswers();
        List.of(waiting, leaving, plain).forEach(Answers::receipt);
        Answers.value(known.commit());
        Answers.value(unknown.commit());
    }

    private static ProducerGroup<String> ready(String topic, int maxPendingMessages) throws Exception {
        ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                .topic(topic)
                .maxPendingMessages(maxPendingMessages)
                .start();
        group.awaitReady(LONG);
        return group;
    }

    private static List<CompletableFuture<MessageId>> send(
            ProducerGroup<String> group, Transaction transaction, List<String> values) {
        return values.stream()
                .map(value -> group.newMessage(transaction).value(value).sendAsync())
                .toList();
    }

    private static void assertNothingPending(ProducerGroup<String> group) {
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(group.snapshot().groups())
                        .allMatch(part ->
                                part.pendingMessages() == 0 && part.pendingBytes() == 0 && part.waiting() == 0));
    }

    private static Transaction begin() {
        return Objects.requireNonNull(Answers.value(vela.client()
                .newTransaction()
                .withTransactionTimeout(2, TimeUnit.MINUTES)
                .build()));
    }
}
