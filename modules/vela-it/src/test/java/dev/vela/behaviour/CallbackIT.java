package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vela.BudgetExceededException;
import dev.vela.MessageRejectedException;
import dev.vela.ProducerGroup;
import dev.vela.Vela;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Test;

/** What an application's callbacks may do, and whom it harms: nobody. */
class CallbackIT {
    private static final Duration LONG = Duration.ofMinutes(1);

    @Test
    void aCallbackThatBlocksHoldsUpNoOtherProducer() throws Exception {
        // Given two groups
        try (Vela vela = new PatientVela(Vela.connect(Broker.url()))) {
            ProducerGroup<String> one = vela.newProducerGroup(Schema.STRING)
                    .topic(Broker.freshTopic("blocking"))
                    .start();
            ProducerGroup<String> other = vela.newProducerGroup(Schema.STRING)
                    .topic(Broker.freshTopic("free"))
                    .start();
            CountDownLatch entered = new CountDownLatch(1);
            CompletableFuture<Void> release = new CompletableFuture<>();

            // When a callback of the one blocks
            CompletableFuture<Void> blocked = new CompletableFuture<>();
            one.sendAsync("v", (receipt, failure) -> { // not by a future: it may be complete before it has a dependent
                entered.countDown();
                release.join();
                blocked.complete(null);
            });
            entered.await();
            try {
                // Then futures of the other complete, and so do blocking sends of the one
                List<CompletableFuture<MessageId>> answers = new ArrayList<>();
                for (int i = 0; i < 100; i++) {
                    answers.add(other.sendAsync("v" + i));
                }
                assertThat(answers).allSatisfy(answer -> assertThat(answer).succeedsWithin(LONG));
                one.send("blocking sends need no callback thread");
                assertThat(vela.snapshot().pendingMessages()).isZero();
            } finally {
                release.complete(null);
            }
            assertThat(blocked).succeedsWithin(LONG);
        }
    }

    @Test
    void aCallbackThatThrowsHarmsNobody() throws Exception {
        // Given a group of three whose callbacks throw
        try (Vela vela = new PatientVela(Vela.connect(Broker.url()))) {
            ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                    .topic(Broker.freshTopic("throwing"))
                    .producers(3)
                    .start();
            AtomicInteger thrown = new AtomicInteger();

            // When it is sent to
            List<CompletableFuture<MessageId>> answers = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                CompletableFuture<MessageId> answer =
                        group.newMessage().key("k" + i).value("v").sendAsync();
                answer.thenRun(() -> {
                    thrown.incrementAndGet();
                    throw new StackOverflowError("thrown by a callback");
                });
                answers.add(answer);
            }

            // Then all is answered all the same
            assertThat(answers).allSatisfy(answer -> assertThat(answer).succeedsWithin(LONG));
            await().atMost(LONG).until(() -> thrown.get() == 200);
            assertThat(vela.snapshot().pendingMessages()).isZero();
            assertThat(vela.snapshot().pendingBytes()).isZero();
        }
    }

    @Test
    void callbacksThatSendAgainKeepSending() throws Exception {
        // Given room for two messages
        String topic = Broker.freshTopic("chain");
        try (Vela vela = new PatientVela(Vela.connect(Broker.url()))) {
            ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                    .topic(topic)
                    .maxPendingMessages(2)
                    .start();
            AtomicInteger sent = new AtomicInteger();
            CompletableFuture<Void> done = new CompletableFuture<>();

            // When each answer brings on the next message
            sendNext(group, sent, done);

            // Then none finds its predecessor's place still taken
            assertThat(done).succeedsWithin(LONG);
            assertThat(Broker.read(topic, Schema.STRING, 500)).hasSize(500);
            assertThat(vela.snapshot().pendingMessages()).isZero();
        }
    }

    private static void sendNext(ProducerGroup<String> group, AtomicInteger sent, CompletableFuture<Void> done) {
        if (sent.incrementAndGet() > 500) {
            done.complete(null);
            return;
        }
        group.sendAsync("v" + sent.get()).whenComplete((id, failure) -> {
            if (failure == null) {
                sendNext(group, sent, done);
            } else {
                done.completeExceptionally(failure);
            }
        });
    }

    @Test
    void aCallbackIsRefusedRoomRatherThanBlocked() throws Exception {
        // Given a group with room for one message
        try (Vela vela = new PatientVela(Vela.connect(Broker.url()))) {
            ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                    .topic(Broker.freshTopic("full"))
                    .maxPendingMessages(1)
                    .start();

            // When a callback sends many at once
            CompletableFuture<List<CompletableFuture<MessageId>>> burst = group.sendAsync("first")
                    .thenApply(id -> {
                        assertThat(Thread.currentThread().getName()).startsWith("vela-");
                        return IntStream.range(0, 200)
                                .mapToObj(i -> group.sendAsync("v" + i))
                                .toList();
                    });

            // Then those that find no room fail at once
            assertThat(burst).succeedsWithin(LONG);
            List<Throwable> failures = new ArrayList<>();
            for (CompletableFuture<MessageId> answer : burst.join()) {
                Throwable failure = answer.handle((id, cause) -> cause).get(LONG.toSeconds(), TimeUnit.SECONDS);
                if (failure != null) {
                    failures.add(failure);
                }
            }
            assertThat(failures).isNotEmpty().hasOnlyElementsOfType(BudgetExceededException.class);
            assertThat(vela.snapshot().pendingMessages()).isZero();
        }
    }

    @Test
    void aFlushHearsOfFailuresThatACallbackHoldsUp() throws Exception {
        // Given a group one of whose callbacks blocks
        try (Vela vela = new PatientVela(Vela.connect(Broker.url()))) {
            ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                    .topic(Broker.freshTopic("flush"))
                    .start();
            group.awaitReady(LONG);
            CountDownLatch entered = new CountDownLatch(1);
            CompletableFuture<Void> release = new CompletableFuture<>();
            Broker.pulsar().freeze();
            try {
                group.sendAsync("v").thenRun(() -> {
                    entered.countDown();
                    release.join();
                });
            } finally {
                Broker.pulsar().thaw();
            }
            entered.await();

            // When a message fails meanwhile, and all is flushed
            group.sendAsync("x".repeat(6 << 20));
            CompletableFuture<Void> flushed = group.flushAsync();
            release.complete(null);

            // Then the flush tells
            assertThat(flushed)
                    .failsWithin(LONG)
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(MessageRejectedException.class);
        }
    }
}
