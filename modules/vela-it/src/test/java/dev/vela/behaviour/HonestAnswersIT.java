package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vela.BudgetExceededException;
import dev.vela.NoProducersAvailableException;
import dev.vela.ProducerGroup;
import dev.vela.SendFailedException;
import dev.vela.SendTimeoutException;
import dev.vela.SupervisedProducerBuilder;
import dev.vela.Vela;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What a send is told when the broker does not answer. */
class HonestAnswersIT {
    private static final Duration SOON = Duration.ofMinutes(1);
    private static final Duration BRIEF = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofMinutes(10);

    @AutoClose
    private final Wire wire = new Wire();

    private final Vela vela = new PatientVela(wire.velaBuilder().build());
    private final String topic = Broker.freshTopic("honest");

    HonestAnswersIT() throws PulsarClientException {}

    @AfterEach
    void closeVela() {
        vela.closeAsync(Duration.ZERO);
    }

    @Test
    void timeoutWithoutReceiptIsUnknownAndConcernsNoOtherMessage() throws Exception {
        // Given
        ProducerGroup<String> group = ready(builder());
        wire.holdAnswers();

        // When
        CompletableFuture<MessageId> hasty =
                group.newMessage().value("hasty").timeout(BRIEF).sendAsync();
        CompletableFuture<MessageId> patient = group.sendAsync("patient");

        // Then
        Answers.unknown(hasty, SendTimeoutException.class);
        assertThat(patient).isNotDone();
        wire.releaseAnswers();
        Answers.receipt(patient);
        assertThat(Broker.read(topic, Schema.STRING, 2))
                .extracting(Message::getValue)
                .containsExactly("hasty", "patient");
        assertThat(group.producers().get(0).restarts()).isZero();
        await().atMost(SOON).until(() -> vela.snapshot().pendingBytes() == 0);
    }

    @Test
    void timeoutWithoutProducerIsNotSentAndSaysWhatWentWrong() throws Exception {
        wire.down();
        ProducerGroup<String> group = builder().start();

        NoProducersAvailableException failure = Answers.notSent(
                group.newMessage().value("v").timeout(BRIEF).sendAsync(), NoProducersAvailableException.class);

        assertThat(failure).hasMessageContaining("within the message's timeout");
        assertThat(vela.snapshot().pendingMessages()).isZero();
    }

    @Test
    void sendBeforeTheFirstConnectionWaitsForIt() throws Exception {
        wire.down();
        ProducerGroup<String> group = builder().start();
        CompletableFuture<MessageId> early = group.sendAsync("early");

        wire.up();

        Answers.receipt(early);
    }

    @Test
    void failFastDoesNotWaitForAProducer() throws Exception {
        wire.down();
        ProducerGroup<String> group = builder().failFast(true).start();

        Answers.notSent(group.newMessage().value("v").timeout(LONG).sendAsync(), NoProducersAvailableException.class);

        wire.up();
        group.awaitReady(SOON);
        group.send("v");
    }

    @Test
    void flushFailsIfSomethingInItFailed() throws Exception {
        ProducerGroup<String> group = ready(builder());
        wire.holdAnswers();
        group.sendAsync("good");
        CompletableFuture<MessageId> bad =
                group.newMessage().value("bad").timeout(BRIEF).sendAsync();

        CompletableFuture<Void> flush = group.flushAsync();
        SendTimeoutException failure = Answers.unknown(bad, SendTimeoutException.class);
        wire.releaseAnswers();

        assertThat(Answers.failure(flush, SendTimeoutException.class)).isSameAs(failure);
        group.flush();
    }

    @Test
    void fullBudgetFailsAtOnceWhereThatWasAskedFor() throws Exception {
        ProducerGroup<String> group = ready(builder().maxPendingMessages(2).blockIfQueueFull(false));
        wire.holdAnswers();
        CompletableFuture<MessageId> first = group.sendAsync("1");
        CompletableFuture<MessageId> second = group.sendAsync("2");

        Answers.notSent(group.newMessage().value("3").timeout(LONG).sendAsync(), BudgetExceededException.class);

        wire.releaseAnswers();
        Answers.receipt(first);
        Answers.receipt(second);
        group.send("4");
        assertThat(Broker.read(topic, Schema.STRING, 3))
                .extracting(Message::getValue)
                .containsExactly("1", "2", "4");
    }

    @Test
    void fullBudgetBlocksTheCallerUntilThereIsRoom() throws Exception {
        ProducerGroup<String> group = ready(builder().maxPendingMessages(1));
        wire.holdAnswers();
        group.sendAsync("1");

        CompletableFuture<MessageId> blocked = CompletableFuture.supplyAsync(
                        () -> group.newMessage().value("2").timeout(LONG).sendAsync())
                .thenCompose(answer -> answer);
        await().during(BRIEF).atMost(SOON).until(() -> !blocked.isDone());
        wire.releaseAnswers();

        Answers.receipt(blocked);
    }

    @Test
    void fullBudgetBlocksNoLongerThanTheMessagesTimeout() throws Exception {
        ProducerGroup<String> group = ready(builder().maxPendingMessages(1));
        wire.holdAnswers();
        group.sendAsync("1");

        Answers.notSent(group.newMessage().value("2").timeout(BRIEF).sendAsync(), BudgetExceededException.class);
    }

    @Test
    void callbackMaySendAgainButNotBlock() throws Exception {
        ProducerGroup<String> group = ready(builder());
        wire.holdAnswers(); // so that the callbacks are there before the receipt
        CompletableFuture<MessageId> first = group.sendAsync("1");
        CompletableFuture<MessageId> again = first.thenCompose(receipt -> group.sendAsync("2"));
        CompletableFuture<MessageId> blocking = first.thenCompose(receipt -> {
            try {
                return CompletableFuture.completedFuture(group.send("3"));
            } catch (PulsarClientException e) {
                return CompletableFuture.failedFuture(e);
            }
        });

        wire.releaseAnswers();

        Answers.receipt(again);
        assertThat(Answers.notSent(blocking, SendFailedException.class)).hasMessageContaining("use sendAsync");
        assertThat(Broker.readAll(topic, Schema.STRING))
                .extracting(Message::getValue)
                .containsExactly("1", "2");
    }

    @Test
    void callbackOfAFullProducerFailsInsteadOfBlocking() throws Exception {
        ProducerGroup<String> group = ready(builder().maxPendingMessages(2));
        wire.holdAnswers();
        CompletableFuture<MessageId> first =
                group.newMessage().value("1").timeout(BRIEF).sendAsync();
        CompletableFuture<MessageId> again = first.exceptionallyCompose(
                failure -> group.newMessage().value("3").timeout(LONG).sendAsync());

        group.sendAsync("2");

        Answers.notSent(again, BudgetExceededException.class);
    }

    private SupervisedProducerBuilder<String, ProducerGroup<String>> builder() {
        return vela.newProducerGroup(Schema.STRING).topic(topic);
    }

    private static ProducerGroup<String> ready(SupervisedProducerBuilder<String, ProducerGroup<String>> builder)
            throws PulsarClientException {
        ProducerGroup<String> group = builder.start();
        group.awaitReady(SOON);
        return group;
    }
}
