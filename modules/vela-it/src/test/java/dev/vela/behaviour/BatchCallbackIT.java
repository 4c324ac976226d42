package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vela.Batching;
import dev.vela.Outcome;
import dev.vela.ProducerGroup;
import dev.vela.Vela;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What callbacks of messages that share an entry may do to the others of it: nothing. */
class BatchCallbackIT {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Batching UNTIL_FLUSHED =
            Batching.defaults().withFlush(Batching.Flush.AT_INTERVAL).withFlushInterval(Duration.ofSeconds(25));

    @AutoClose
    private final Vela vela = Broker.vela();

    private final String topic = Broker.freshTopic("callback");

    @AfterEach
    void nothingIsHeld() {
        assertThat(vela.snapshot().pendingMessages()).isZero();
        assertThat(vela.snapshot().pendingBytes()).isZero();
    }

    private ProducerGroup<String> start(String onTopic, int producers) throws PulsarClientException {
        ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                .topic(onTopic)
                .producers(producers)
                .batching(UNTIL_FLUSHED)
                .start();
        group.awaitReady(LONG);
        return group;
    }

    /** Sends so many, which are under way together when this returns. */
    private static List<CompletableFuture<MessageId>> sendTogether(ProducerGroup<String> group, int count) {
        List<CompletableFuture<MessageId>> answers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            answers.add(group.sendAsync("v" + i));
        }
        return answers;
    }

    private static void assertInOneEntry(List<CompletableFuture<MessageId>> answers) {
        assertThat(answers)
                .map(Answers::receipt)
                .map(DeliveredEntries::entry)
                .hasSize(answers.size())
                .containsOnly(DeliveredEntries.entry(Answers.receipt(answers.get(0))));
    }

    @Test
    void callbacksThatThrowHarmNoNeighbour() throws Exception {
        ProducerGroup<String> group = start(topic, 1);
        List<CompletableFuture<MessageId>> answers = sendTogether(group, 100);
        List<CompletableFuture<Void>> thrown = answers.stream()
                .map(answer -> answer.thenRun(() -> {
                    throw new StackOverflowError("thrown by a callback");
                }))
                .toList();

        group.flush();

        assertInOneEntry(answers);
        thrown.forEach(after -> Answers.failure(after, StackOverflowError.class));
        group.send("and on it goes");
    }

    @Test
    void aCallbackThatBlocksHoldsUpOnlyLaterOnesOfItsHandle() throws Exception {
        // Given two handles, and an entry of the one in whose midst a callback blocks
        ProducerGroup<String> one = start(topic, 1);
        ProducerGroup<String> other = start(Broker.freshTopic("callback"), 1);
        List<CompletableFuture<MessageId>> answers = sendTogether(one, 10);
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<Void> blocked = answers.get(4).thenRun(() -> {
            entered.countDown();
            awaitQuietly(release);
        });
        CompletableFuture<Void> flushed = one.flushAsync();

        // When it blocks
        awaitQuietly(entered);
        try {
            // Then those before it are answered, those of the other handle, too, and room is free
            assertThat(answers.subList(0, 5)).allMatch(CompletableFuture::isDone);
            List<CompletableFuture<MessageId>> others = sendTogether(other, 10);
            other.flush();
            assertInOneEntry(others);
            assertThat(vela.snapshot().pendingMessages()).isZero();
            assertThat(flushed).isNotDone();
        } finally {
            release.countDown();
        }
        assertInOneEntry(answers);
        Answers.value(blocked);
        Answers.value(flushed);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void callbacksThatSendAgainFillEntriesOfTheirOwn() throws Exception {
        ProducerGroup<String> group = start(topic, 1);
        List<CompletableFuture<MessageId>> first = sendTogether(group, 50);
        List<CompletableFuture<CompletableFuture<MessageId>>> again = first.stream()
                .map(answer -> answer.thenApply(id -> group.sendAsync("again")))
                .toList();

        group.flush();
        List<CompletableFuture<MessageId>> second =
                again.stream().map(Answers::value).toList();
        group.flush();

        assertInOneEntry(first);
        assertInOneEntry(second);
        assertThat(Broker.read(topic, Schema.STRING, 100)).hasSize(100);
    }

    @Test
    void callbacksThatWouldWaitForTheirOwnEntryFailInstead() throws Exception {
        ProducerGroup<String> group = start(topic, 1);
        List<CompletableFuture<MessageId>> answers = sendTogether(group, 20);
        List<CompletableFuture<Throwable>> refusals = answers.stream()
                .map(answer -> answer.thenApply(id -> failureOfSend(group)))
                .toList();

        group.flush();

        assertInOneEntry(answers);
        assertThat(refusals).map(Answers::value).allMatch(refusal -> Outcome.of(refusal) == Outcome.NOT_SENT);
        group.send("last");
        assertThat(Broker.read(topic, Schema.STRING, 21))
                .extracting(Message::getValue)
                .hasSize(21)
                .endsWith("last")
                .doesNotContain("blocking");
    }

    private static Throwable failureOfSend(ProducerGroup<String> group) {
        try {
            throw new AssertionError("sent as " + group.send("blocking"));
        } catch (PulsarClientException refusal) {
            return refusal;
        }
    }

    @Test
    void answersToOneThreadComeInTheOrderOfItsSends() throws Exception {
        // Given three producers, and messages in entries of many, and alone
        ProducerGroup<String> group = start(topic, 3);
        int count = 5_000;
        List<Integer> completed = Collections.synchronizedList(new ArrayList<>());

        // When a single thread sends them
        for (int i = 0; i < count; i++) {
            int number = i;
            CompletableFuture<MessageId> answer = i % 100 == 50
                    ? group.newMessage()
                            .value("late")
                            .deliverAfter(Duration.ofMillis(1))
                            .sendAsync()
                    : group.sendAsync("v");
            answer.thenRun(() -> completed.add(number));
        }
        group.flush();

        // Then
        await().atMost(LONG).until(() -> completed.size() == count);
        assertThat(completed)
                .containsExactlyElementsOf(IntStream.range(0, count).boxed().toList());
    }
}
