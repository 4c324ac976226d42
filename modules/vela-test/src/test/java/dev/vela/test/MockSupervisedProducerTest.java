package dev.vela.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.vela.BudgetExceededException;
import dev.vela.HandleState;
import dev.vela.KeyHash;
import dev.vela.MessageRejectedException;
import dev.vela.NoProducersAvailableException;
import dev.vela.Outcome;
import dev.vela.ProducerDiedException;
import dev.vela.ProducerState;
import dev.vela.ProducerWaitingException;
import dev.vela.SendFailedException;
import dev.vela.SendTimeoutException;
import dev.vela.SupervisedProducer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Test;

class MockSupervisedProducerTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final MockSupervisedProducer<String> producer = MockSupervisedProducer.of("orders", Schema.STRING);

    private static Throwable failure(CompletableFuture<?> answer) {
        assertThat(answer).isCompletedExceptionally();
        return catchThrowableOfType(CompletionException.class, answer::join).getCause();
    }

    // ---- answers

    @Test
    void answersEachMessageAtOnceUnlessToldOtherwise() throws Exception {
        MessageId first = producer.send("a");
        MessageId second = producer.sendAsync("b").getNow(null);

        assertThat(second).isGreaterThan(first);
        assertThat(SupervisedProducer.isDuplicate(first)).isFalse();
        assertThat(producer.sent()).extracting(SentMessage::value).containsExactly("a", "b");
        assertThat(producer.pending()).isEmpty();
        assertThat(producer.getLastSequenceId()).isEqualTo(1);
        assertThat(producer.getStats().getTotalAcksReceived()).isEqualTo(2);
    }

    @Test
    void answersByHandComeInTheOrderOfTheSends() {
        producer.answerAutomatically(false);
        CompletableFuture<MessageId> a = producer.sendAsync("a");
        CompletableFuture<MessageId> b = producer.sendAsync("b");
        CompletableFuture<MessageId> c = producer.sendAsync("c");
        assertThat(producer.pending()).hasSize(3);

        producer.answerNext();
        assertThat(a).isCompleted();
        assertThat(b).isNotDone();

        producer.answerNextAsDuplicate();
        assertThat(SupervisedProducer.isDuplicate(b.join())).isTrue();
        assertThat(c).isNotDone();

        producer.answerAutomatically(true);
        assertThat(c).isCompleted();
        assertThat(producer.pending()).isEmpty();
    }

    @Test
    void anAnswerThatIsScriptedAheadIsForTheNextMessageOnly() throws Exception {
        producer.failNext(Outcome.NOT_SENT);
        producer.failNext(Outcome.UNKNOWN);

        assertThat(catchThrowableOfType(NoProducersAvailableException.class, () -> producer.send("a")))
                .hasMessage("orders had no producer within the message's timeout");
        assertThat(catchThrowableOfType(SendTimeoutException.class, () -> producer.send("b")))
                .hasMessageContaining("got no receipt within the message's timeout");
        producer.send("c");
        assertThat(producer.getStats().getTotalSendFailed()).isEqualTo(2);
    }

    @Test
    void failsAMessageWithTheGivenFailureOfVelaAndNoOther() {
        ProducerDiedException death = new ProducerDiedException("gone", null);
        producer.failNext(death);
        assertThat(failure(producer.sendAsync("a"))).isSameAs(death);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> producer.failNext(new IllegalStateException("no")))
                .withMessageStartingWith("failure must be a PulsarClientException and a SendFailure");
    }

    @Test
    void aBlockingSendWithoutAnAnswerEndsWithItsTimeout() {
        producer.answerAutomatically(false);
        Duration little = Duration.ofMillis(1);

        assertThat(catchThrowableOfType(
                                SendTimeoutException.class,
                                () -> producer.newMessage()
                                        .value("a")
                                        .timeout(little)
                                        .send())
                        .outcome())
                .isEqualTo(Outcome.UNKNOWN);

        producer.state(HandleState.RESTARTING);
        assertThat(catchThrowableOfType(
                                NoProducersAvailableException.class,
                                () -> producer.newMessage()
                                        .value("b")
                                        .timeout(little)
                                        .send())
                        .outcome())
                .isEqualTo(Outcome.NOT_SENT);
        assertThat(producer.pending()).isEmpty();
    }

    @Test
    void callbacksGetTheAnswers() {
        producer.answerAutomatically(false);
        List<Object> answers = new ArrayList<>();
        producer.sendAsync("a", (receipt, failure) -> answers.add(receipt));
        producer.sendAsync("b", (receipt, failure) -> answers.add(failure));
        assertThat(answers).isEmpty();

        producer.answerNext();
        producer.failNext(Outcome.UNKNOWN);

        assertThat(answers).hasSize(2);
        assertThat(answers.get(0)).isInstanceOf(MessageId.class);
        assertThat(answers.get(1)).isInstanceOf(SendTimeoutException.class);
    }

    @Test
    void aCallbackMaySendAgainButMustNotBlock() throws Exception {
        AtomicReference<Throwable> blocked = new AtomicReference<>();
        AtomicReference<Throwable> flushed = new AtomicReference<>();
        AtomicReference<Throwable> joined = new AtomicReference<>();
        producer.failNext(Outcome.NOT_SENT);

        producer.sendAsync("a", (receipt, failure) -> {
            producer.sendAsync("again", (id, none) -> {});
            blocked.set(catchThrowableOfType(SendFailedException.class, () -> producer.send("no")));
            flushed.set(catchThrowableOfType(IllegalStateException.class, producer::flush));
            producer.answerAutomatically(false);
            producer.sendAsync("open");
            joined.set(catchThrowableOfType(
                    IllegalStateException.class, () -> producer.flushAsync().join()));
            producer.answerAutomatically(true);
        });

        assertThat(blocked.get()).hasMessageStartingWith("send would block ");
        assertThat(flushed.get()).hasMessageStartingWith("flush would block ");
        assertThat(joined.get()).hasMessageStartingWith("this callback would wait for itself");
        assertThat(producer.sent()).extracting(SentMessage::value).containsExactly("a", "again", "open");
        producer.flush();
    }

    // ---- states

    @Test
    void messagesWaitWhileItRestartsAndAreTakenWhenItIsReady() {
        producer.state(HandleState.RESTARTING);
        CompletableFuture<MessageId> waiting = producer.sendAsync("a");
        assertThat(waiting).isNotDone();
        assertThat(producer.snapshot().waiting()).isEqualTo(1);

        producer.failNext(Outcome.UNKNOWN);
        assertThat(waiting).as("no producer has it").isNotDone();

        producer.state(HandleState.DEGRADED);
        assertThat(failure(waiting)).isInstanceOf(SendTimeoutException.class);
        assertThat(producer.sendAsync("b")).isCompleted();
    }

    @Test
    void failFastDoesNotLetThemWait() throws Exception {
        MockVela vela = new MockVela();
        vela.newProducer(Schema.STRING)
                .topic("orders")
                .name("fast")
                .failFast(true)
                .start();
        MockSupervisedProducer<String> fast = vela.producer("fast", Schema.STRING);
        fast.state(HandleState.STARTING);

        assertThat(failure(fast.sendAsync("a"))).hasMessage("fast on orders has no producer ready");
    }

    @Test
    void aFencedProducerFailsWhatItHadAndWhatComes() throws Exception {
        producer.answerAutomatically(false);
        CompletableFuture<MessageId> taken = producer.sendAsync("a");

        producer.fence();

        assertThat(producer.state()).isEqualTo(HandleState.DOWN);
        assertThat(producer.snapshot().groups().get(0).producers().get(0).state())
                .isEqualTo(ProducerState.FENCED);
        assertThat(producer.producers()).isEmpty();
        assertThat(failure(taken))
                .isInstanceOf(ProducerDiedException.class)
                .hasCauseInstanceOf(PulsarClientException.ProducerFencedException.class);
        assertThat(failure(producer.sendAsync("b")))
                .isInstanceOf(NoProducersAvailableException.class)
                .hasMessage("orders is down: Producer was fenced");
        assertThat(catchThrowableOfType(NoProducersAvailableException.class, () -> producer.awaitReady(MINUTE)))
                .hasMessage("orders is DOWN: Producer was fenced");

        producer.restart();
        assertThat(producer.restarts()).isEqualTo(1);
        assertThat(producer.state()).isEqualTo(HandleState.RESTARTING);
        producer.answerAutomatically(true);
        producer.state(HandleState.READY);
        producer.send("c");
    }

    @Test
    void whatWaitsFailsWhenItGoesDown() {
        producer.state(HandleState.STARTING);
        CompletableFuture<MessageId> waiting = producer.sendAsync("a");

        producer.terminate();

        assertThat(failure(waiting)).isInstanceOf(NoProducersAvailableException.class);
        assertThat(Outcome.of(failure(waiting))).isEqualTo(Outcome.NOT_SENT);
    }

    @Test
    void aStandbyRefuses() {
        producer.standBy();
        assertThat(failure(producer.sendAsync("a")))
                .isInstanceOf(ProducerWaitingException.class)
                .hasMessage("orders: its producers wait for exclusive access");
    }

    @Test
    void aFullProducerRefusesAsTheBuilderSaid() throws Exception {
        producer.full(true);
        assertThat(failure(producer.sendAsync("a")))
                .isInstanceOf(BudgetExceededException.class)
                .hasMessage("the producer's budget stayed full for the message's whole timeout");
        producer.full(false);
        producer.send("b");

        MockVela vela = new MockVela();
        vela.newProducer(Schema.STRING)
                .topic("small")
                .maxPendingMessages(1)
                .blockIfQueueFull(false)
                .start();
        MockSupervisedProducer<String> small = vela.producer("small", Schema.STRING);
        small.answerAutomatically(false);
        small.sendAsync("a");
        assertThat(failure(small.sendAsync("b")))
                .hasMessage("the producer's budget is full, and this producer is set to fail then");
        small.answerNext();
        assertThat(small.sendAsync("c")).isNotDone();
        assertThat(small.sent()).extracting(SentMessage::value).containsExactly("a", "c");
    }

    @Test
    void awaitingAStateEndsWithAnotherThreadsChange() throws Exception {
        producer.state(HandleState.STARTING);
        CompletableFuture<Void> ready = CompletableFuture.runAsync(() -> {
            try {
                producer.awaitReady(MINUTE);
            } catch (PulsarClientException e) {
                throw new CompletionException(e);
            }
        });
        producer.state(HandleState.READY);
        ready.get(1, TimeUnit.MINUTES);

        producer.state(HandleState.RESTARTING);
        assertThat(catchThrowableOfType(
                        NoProducersAvailableException.class, () -> producer.awaitUsable(Duration.ofMillis(1))))
                .hasMessage("orders is RESTARTING after 1 ms");
    }

    // ---- stop and flush

    @Test
    void aStopWaitsForTheAnswers() throws Exception {
        producer.answerAutomatically(false);
        CompletableFuture<MessageId> open = producer.sendAsync("a");

        CompletableFuture<Void> stopped = producer.stopAsync(MINUTE);
        assertThat(stopped).isNotDone();
        assertThat(producer.state()).isEqualTo(HandleState.STOPPING);
        assertThat(failure(producer.sendAsync("b"))).hasMessage("orders takes no messages: orders was stopped");

        producer.answerNext();
        assertThat(open).isCompleted();
        assertThat(stopped).isCompleted();
        assertThat(producer.state()).isEqualTo(HandleState.STOPPED);
        assertThatIllegalStateException().isThrownBy(producer::restart);
        assertThatIllegalStateException().isThrownBy(() -> producer.state(HandleState.READY));
    }

    @Test
    void aDrainThatIsOverFailsWhatIsOpen() throws Exception {
        producer.answerAutomatically(false);
        CompletableFuture<MessageId> taken = producer.sendAsync("a");
        producer.state(HandleState.RESTARTING);
        CompletableFuture<MessageId> waiting = producer.sendAsync("b");

        producer.stop(Duration.ofMillis(1));

        assertThat(failure(taken)).isInstanceOf(ProducerDiedException.class);
        assertThat(failure(waiting)).isInstanceOf(NoProducersAvailableException.class);
    }

    @Test
    void aFlushFailsIfAMessageDoes() throws Exception {
        producer.answerAutomatically(false);
        producer.sendAsync("a");
        producer.sendAsync("b", (receipt, failure) -> {});
        CompletableFuture<Void> flushed = producer.flushAsync();
        producer.sendAsync("c");

        producer.answerNext();
        assertThat(flushed).isNotDone();
        producer.failNext(Outcome.UNKNOWN);
        assertThat(failure(flushed)).isInstanceOf(SendTimeoutException.class);
        producer.answerNext();
        assertThat(producer.flushAsync()).isCompleted();
    }

    // ---- what was sent

    @Test
    void aMessageIsKeptWithAllItsOptions() throws Exception {
        Instant time = Instant.parse("2026-01-02T03:04:05Z");
        producer.newMessage()
                .value("v")
                .key("k")
                .orderingKey(new byte[] {1})
                .property("p", "q")
                .properties(Map.of("r", "s"))
                .eventTime(time)
                .sequenceId(7)
                .replicationClusters(List.of("east"))
                .deliverAt(time)
                .timeout(MINUTE)
                .send();
        producer.newMessage(Schema.INT32)
                .value(5)
                .disableReplication()
                .deliverAfter(MINUTE)
                .sendAsync();
        producer.newMessage().loadConf(Map.of("key", "x", "eventTime", 5L)).send();

        SentMessage first = producer.sent().get(0);
        assertThat(first.value()).isEqualTo("v");
        assertThat(first.key()).isEqualTo("k");
        assertThat(first.orderingKey()).containsExactly(1);
        assertThat(first.message().getProperties()).containsExactlyInAnyOrderEntriesOf(Map.of("p", "q", "r", "s"));
        assertThat(first.property("p")).isEqualTo("q");
        assertThat(first.eventTime()).contains(time);
        assertThat(first.sequenceId()).isEqualTo(7);
        assertThat(first.replicationClusters()).containsExactly("east");
        assertThat(first.deliverAt()).contains(time);
        assertThat(first.timeout()).isEqualTo(MINUTE);
        assertThat(first.message().getData()).isEqualTo(Schema.STRING.encode("v"));
        SentMessage second = producer.sent().get(1);
        assertThat(second.value()).isEqualTo(5);
        assertThat(second.schema()).isSameAs(Schema.INT32);
        assertThat(second.replicationDisabled()).isTrue();
        assertThat(second.deliverAfter()).contains(MINUTE);
        assertThat(second.timeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(second.key()).isNull();
        assertThat(second.sequenceId()).isEqualTo(-1);
        SentMessage third = producer.sent().get(2);
        assertThat(third.value()).isNull();
        assertThat(third.key()).isEqualTo("x");
        assertThat(third.eventTime()).contains(Instant.ofEpochMilli(5));
        assertThat(third.timeout()).isEqualTo(Duration.ofSeconds(5));

        producer.clear();
        assertThat(producer.sent()).isEmpty();
    }

    @Test
    void whatCannotBeEncodedIsRefused() {
        AtomicReference<Throwable> told = new AtomicReference<>();
        producer.newMessage(new Picky()).value(new byte[1]).sendAsync((receipt, failure) -> told.set(failure));

        assertThat(told.get())
                .isInstanceOf(MessageRejectedException.class)
                .hasMessage("the message could not be encoded: too picky");
        assertThat(producer.sent()).isEmpty();
    }

    @Test
    void theKeysPartitionIsKnown() throws Exception {
        MockVela vela = new MockVela();
        vela.partitions("orders", 4);
        vela.newProducer(Schema.STRING).topic("orders").start();
        MockSupervisedProducer<String> partitioned = vela.producer("orders", Schema.STRING);

        partitioned.newMessage().key("k").value("v").send();

        int expected = KeyHash.PHASH2.partition("k", 4);
        assertThat(partitioned.sent().get(0).partition()).hasValue(expected);
        assertThat(partitioned.getNumOfPartitions()).isEqualTo(4);
    }
}
