package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vela.Batching;
import dev.vela.MessageRejectedException;
import dev.vela.ProducerGroup;
import dev.vela.SendTimeoutException;
import dev.vela.Vela;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlushIT {
    private static final Duration SOON = Duration.ofMinutes(1);
    private static final int TOO_LARGE = 6 << 20;

    @Test
    void failsWithAFailureThatWasNotToldYetWhenItBegan() throws Exception {
        try (Vela vela = Broker.vela()) {
            // Given a message that was refused, behind a callback that does not return
            ProducerGroup<byte[]> group = vela.newProducerGroup(Schema.BYTES)
                    .topic(Broker.freshTopic("flush"))
                    .start();
            group.awaitReady(SOON);
            CompletableFuture<Void> called = new CompletableFuture<>();
            CompletableFuture<Void> gate = new CompletableFuture<>();
            group.sendAsync(new byte[1]).whenComplete((id, failure) -> {
                called.complete(null);
                gate.join();
            });
            Answers.value(called);
            CompletableFuture<MessageId> refused = group.sendAsync(new byte[TOO_LARGE]);
            await().atMost(SOON).until(() -> vela.snapshot().pendingMessages() == 0);
            assertThat(refused).isNotDone();

            // When
            CompletableFuture<Void> flushed = group.flushAsync();
            gate.complete(null);

            // Then, and not again
            Answers.failure(flushed, MessageRejectedException.class);
            Answers.value(group.flushAsync());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"failed", "completed", "cancelled"})
    void waitsForAnswersWhateverTheirOwnersDoToTheFutures(String what) throws Exception {
        try (Vela vela = Broker.vela()) {
            // Given a message that the broker cannot answer, whose future its owner ends
            ProducerGroup<byte[]> group = vela.newProducerGroup(Schema.BYTES)
                    .topic(Broker.freshTopic("owner"))
                    .start();
            group.awaitReady(SOON);
            CompletableFuture<Integer> pendingThen;
            Broker.pulsar().freeze();
            try {
                CompletableFuture<MessageId> sent = group.sendAsync(new byte[1]);
                switch (what) {
                    case "failed" -> sent.completeExceptionally(new TimeoutException());
                    case "completed" -> sent.complete(MessageId.earliest);
                    default -> sent.cancel(false);
                }

                // When all is flushed, and the answers of others have been told meanwhile
                pendingThen = group.flushAsync()
                        .thenApply(flushed -> (int) vela.snapshot().pendingMessages());
                for (int i = 0; i < 3; i++) {
                    Answers.failure(group.sendAsync(new byte[TOO_LARGE]), MessageRejectedException.class);
                }
                assertThat(pendingThen).isNotDone();
            } finally {
                Broker.pulsar().thaw();
            }

            // Then it succeeds, and not before the message is stored
            assertThat(Answers.value(pendingThen)).isZero();
        }
    }

    @Test
    void isNotWaitedForByACallbackThatItWaitsFor() throws Exception {
        try (Vela vela = Broker.vela()) {
            ProducerGroup<byte[]> group = vela.newProducerGroup(Schema.BYTES)
                    .topic(Broker.freshTopic("itself"))
                    .start();
            group.awaitReady(SOON);
            CompletableFuture<CompletableFuture<Void>> flushed = new CompletableFuture<>();
            CompletableFuture<Throwable> refused = new CompletableFuture<>();

            // When a callback waits for a flush of the same producer
            group.sendAsync(new byte[1], (receipt, failure) -> {
                CompletableFuture<Void> flush = group.flushAsync();
                flushed.complete(flush);
                try {
                    flush.thenRun(() -> {}).join();
                    refused.completeExceptionally(new AssertionError("was waited for"));
                } catch (IllegalStateException e) {
                    refused.complete(e);
                }
            });

            // Then it is told why that cannot be, and the flush completes
            assertThat(Answers.value(refused)).hasMessageContaining("would wait for itself");
            Answers.value(Answers.value(flushed));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void completesOnAThreadForCallbacksWhoeverGivesTheLastAnswer(boolean batched) throws Exception {
        try (Vela vela = Broker.vela()) {
            // Given a thread that waits for an answer that the control thread will give
            var builder = vela.newProducerGroup(Schema.BYTES).topic(Broker.freshTopic("thread"));
            if (batched) {
                builder.batching(Batching.defaults());
            }
            ProducerGroup<byte[]> group = builder.start();
            group.awaitReady(SOON);
            CompletableFuture<String> completedBy = new CompletableFuture<>();
            CompletableFuture<Throwable> blocked = new CompletableFuture<>();
            Broker.pulsar().freeze();
            try {
                Thread sender = new Thread(() -> {
                    try {
                        group.newMessage()
                                .value(new byte[1])
                                .timeout(Duration.ofSeconds(2))
                                .send();
                        blocked.completeExceptionally(new AssertionError("was stored"));
                    } catch (PulsarClientException e) {
                        blocked.complete(e);
                    }
                });
                sender.start();
                await().atMost(SOON).until(() -> vela.snapshot().pendingMessages() == 1);

                // When
                group.flushAsync()
                        .whenComplete((flushed, failure) ->
                                completedBy.complete(Thread.currentThread().getName()));

                // Then
                assertThat(Answers.value(blocked)).isInstanceOf(SendTimeoutException.class);
                assertThat(Answers.value(completedBy)).startsWith("vela-callback-");
            } finally {
                Broker.pulsar().thaw();
            }
        }
    }

    @Test
    void coversWhatWaitsForAProducerYet() throws Exception {
        try (Wire wire = new Wire();
                Vela vela = new PatientVela(wire.velaBuilder().build())) {
            wire.down();
            ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                    .topic(Broker.freshTopic("parked"))
                    .batching(Batching.defaults()
                            .withFlush(Batching.Flush.AT_INTERVAL)
                            .withFlushInterval(Duration.ofSeconds(25)))
                    .start();
            group.sendAsync("1");
            group.sendAsync("2");
            CompletableFuture<Void> flushed = group.flushAsync();
            wire.up();
            group.awaitReady(Duration.ofMinutes(1));

            Answers.value(flushed);
        }
    }
}
