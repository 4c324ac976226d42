package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vela.Batching;
import dev.vela.MessageRejectedException;
import dev.vela.ProducerGroup;
import dev.vela.Vela;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Test;

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

    @Test
    void coversWhatWaitsForAProducerYet() throws Exception {
        try (Wire wire = new Wire();
                Vela vela = wire.velaBuilder().build()) {
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
            group.awaitReady(Duration.ofSeconds(20));

            Answers.value(flushed);
        }
    }
}
