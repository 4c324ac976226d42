package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vela.Batching;
import dev.vela.MessageRejectedException;
import dev.vela.Outcome;
import dev.vela.ProducerGroup;
import dev.vela.Vela;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A topic's own limit, which the client does not know and the broker answers with an error. The client takes notice of
 * that only if what it concerns is the oldest that it has on its way. Otherwise it goes on waiting, until the next
 * receipt makes it connect and send all of that again.
 */
class TopicLimitIT {
    private static final Duration SOON = Duration.ofMinutes(1);
    private static final int LIMIT = 10_000;
    private static final Batching UNTIL_FLUSHED =
            Batching.defaults().withFlush(Batching.Flush.AT_INTERVAL).withFlushInterval(Duration.ofSeconds(25));

    private Vela vela;
    private String topic;

    private ProducerGroup<byte[]> start(Batching batching) throws Exception {
        vela = Broker.vela();
        topic = TopicLimit.freshTopic("limited", LIMIT);
        ProducerGroup<byte[]> group = vela.newProducerGroup(Schema.BYTES)
                .topic(topic)
                .batching(batching)
                .maxDisconnectedTime(Duration.ofSeconds(2))
                .start();
        group.awaitReady(SOON);
        return group;
    }

    @AfterEach
    void nothingIsHeld() throws PulsarClientException {
        await().atMost(SOON).until(() -> vela.snapshot().pendingMessages() == 0);
        assertThat(vela.snapshot().pendingBytes()).isZero();
        vela.close();
    }

    private static byte[] numbered(int number, int size) {
        byte[] value = new byte[size];
        value[0] = (byte) number;
        return value;
    }

    /** The numbers of what is stored, in order. A number may be there twice if the client sent it again. */
    private List<Integer> stored() throws PulsarClientException {
        List<Message<byte[]>> messages = Broker.readAll(topic, Schema.BYTES);
        return messages.stream()
                .map(message -> (int) message.getValue()[0])
                .distinct()
                .toList();
    }

    @Test
    void aMessageAboveTheLimitIsRejectedAlone() throws Exception {
        ProducerGroup<byte[]> group = start(Batching.defaults());
        Answers.receipt(group.sendAsync(numbered(0, 100)));

        Answers.notSent(group.sendAsync(numbered(1, 2 * LIMIT)), MessageRejectedException.class);

        Answers.receipt(group.sendAsync(numbered(2, 100)));
        assertThat(group.producers().get(0).restarts()).isZero();
        assertThat(stored()).containsExactly(0, 2);
    }

    /** The client goes on waiting for a receipt of it: nothing comes after it that would wake it up. */
    @Test
    void theRoomOfARejectionThatTheClientDoesNotHearComesBack() throws Exception {
        ProducerGroup<byte[]> group = start(Batching.defaults());
        List<CompletableFuture<MessageId>> before = IntStream.range(0, 9)
                .mapToObj(i -> group.sendAsync(numbered(i, 100)))
                .toList();

        group.flushAsync(); // so they share no entry with what comes
        CompletableFuture<MessageId> refused = group.newMessage()
                .value(numbered(9, 2 * LIMIT))
                .timeout(Duration.ofSeconds(1))
                .sendAsync();

        before.forEach(Answers::receipt);
        Answers.failure(refused, PulsarClientException.class);
        await().atMost(SOON).until(() -> vela.snapshot().pendingMessages() == 0);
        Answers.receipt(group.sendAsync(numbered(10, 100)));
    }

    @Test
    void aBatchAboveTheLimitIsNotStoredAndHoldsUpNothing() throws Exception {
        ProducerGroup<byte[]> group = start(UNTIL_FLUSHED);

        List<CompletableFuture<MessageId>> answers = IntStream.range(0, 20)
                .mapToObj(i -> group.sendAsync(numbered(i, LIMIT / 10)))
                .toList();
        CompletableFuture<Void> flushed = group.flushAsync();
        Answers.failure(flushed, PulsarClientException.class);
        List<CompletableFuture<MessageId>> later = IntStream.range(20, 25)
                .mapToObj(i -> group.sendAsync(numbered(i, LIMIT / 10)))
                .toList();
        group.flush();

        later.forEach(Answers::receipt);
        assertAnswersAreTrue(answers);
    }

    @Test
    void whatFollowsSomethingAboveTheLimitGoesThrough() throws Exception {
        ProducerGroup<byte[]> group = start(Batching.defaults());
        List<CompletableFuture<MessageId>> answers = new ArrayList<>();

        for (int i = 0; i < 100; i++) {
            answers.add(group.newMessage()
                    .value(numbered(i, i % 10 == 5 ? 2 * LIMIT : 100))
                    .timeout(Duration.ofSeconds(2))
                    .sendAsync());
        }
        group.flushAsync();
        answers.forEach(answer -> Answers.value(answer.handle((id, failure) -> id)));
        group.newMessage().value(numbered(100, 100)).timeout(SOON).send();

        assertAnswersAreTrue(answers);
    }

    /** What was acknowledged is stored, in order; what certainly failed is not. */
    private void assertAnswersAreTrue(List<CompletableFuture<MessageId>> answers) throws PulsarClientException {
        List<Integer> stored = stored();
        assertThat(stored).isSorted();
        for (int i = 0; i < answers.size(); i++) {
            if (!answers.get(i).isCompletedExceptionally()) {
                assertThat(stored).contains(i);
            } else if (Outcome.of(Answers.failure(answers.get(i), Exception.class)) == Outcome.NOT_SENT) {
                assertThat(stored).doesNotContain(i);
            }
        }
    }
}
