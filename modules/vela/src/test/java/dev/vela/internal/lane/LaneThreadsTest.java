package dev.vela.internal.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.internal.pulsar.EncodedEntry;
import dev.vela.internal.pulsar.HealthyPublisher;
import dev.vela.internal.pulsar.Messages;
import dev.vela.internal.pulsar.ScriptedPublisher;
import dev.vela.internal.scheduling.Together;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClientException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Locks: none is held while the application's code runs, and none is waited for where the client holds its own. */
class LaneThreadsTest {

    private final LaneRig rig = new LaneRig();

    @Test
    void holdsNoLockWhileAReceiptIsDelivered() {
        // Given
        ScriptedPublisher publisher = rig.attach();
        AtomicBoolean ran = offerFromAnotherThreadWhenAnswered(rig.admitted());

        // When
        publisher.acknowledge(0);

        // Then
        assertThat(ran).isTrue();
    }

    @Test
    void holdsNoLockWhileAReceiptThatWasThereAlreadyIsDelivered() {
        // Given
        rig.attach(new ScriptedPublisher().acknowledgingAtOnce());

        // When
        AtomicBoolean ran = offerFromAnotherThreadWhenAnswered(rig.admitted());

        // Then
        assertThat(ran).isTrue();
    }

    @Test
    void holdsNoLockWhileTimeoutsAreDelivered() {
        // Given
        rig.attach();
        AtomicBoolean ran = offerFromAnotherThreadWhenAnswered(rig.admitted(Duration.ofSeconds(1)));

        // When
        rig.scheduler.advance(Duration.ofSeconds(1));

        // Then
        assertThat(ran).isTrue();
    }

    @Test
    void holdsNoLockWhileADeathIsDelivered() {
        // Given
        rig.attach();
        AtomicBoolean ran = offerFromAnotherThreadWhenAnswered(rig.admitted());

        // When
        rig.lane.detach("died", null);

        // Then
        assertThat(ran).isTrue();
    }

    /** Offers the message; when it is answered, another thread uses the lane, and the callback waits for that. */
    private AtomicBoolean offerFromAnotherThreadWhenAnswered(Send send) {
        AtomicBoolean ran = new AtomicBoolean();
        send.whenComplete((receipt, failure) -> {
            Together.join(Together.start("another", () -> {
                rig.lane.offer(rig.admitted());
                rig.lane.oldestInFlight();
            }));
            ran.set(true);
        });
        rig.taken(send);
        return ran;
    }

    @Test
    void doesNotDeadlockWithAClientThatFailsWhatIsPendingUnderItsOwnMonitor() {
        // Given
        MonitorPublisher publisher = new MonitorPublisher();
        rig.attach(publisher);
        Collection<Send> sends = new ConcurrentLinkedQueue<>();
        AtomicBoolean over = new AtomicBoolean();
        FutureTask<Void> client = Together.start("client", () -> {
            boolean fail = false;
            while (!over.get()) {
                fail = !fail;
                publisher.answerAll(fail ? new PulsarClientException("failed under the monitor") : null);
            }
            publisher.answerAll(null);
        });

        // When
        Together.run(4, thread -> {
            for (int i = 0; i < 2_000; i++) {
                Send send = rig.admitted();
                sends.add(send);
                assertThat(rig.lane.offer(send)).isEqualTo(OfferResult.TAKEN);
            }
        });
        over.set(true);
        Together.join(client);

        // Then
        assertThat(sends).hasSize(8_000).allMatch(send -> send.isDone());
        assertThat(publisher.outOfOrder).hasValue(0);
        assertThat(rig.lane.inFlight()).isZero();
        assertThat(rig.holdsNothing()).isTrue();
    }

    /** Takes entries and fails them under one monitor, as the official client does. */
    private static final class MonitorPublisher extends HealthyPublisher {
        final AtomicInteger outOfOrder = new AtomicInteger();
        private final List<CompletableFuture<MessageId>> pending = new ArrayList<>();
        private long last = -1;

        @Override
        public synchronized CompletableFuture<MessageId> publish(EncodedEntry message, long sequenceId) {
            if (sequenceId != last + 1) {
                outOfOrder.incrementAndGet();
            }
            last = sequenceId;
            CompletableFuture<MessageId> answer = new CompletableFuture<>();
            pending.add(answer);
            return answer;
        }

        void answerAll(@Nullable Throwable failure) {
            if (failure == null) {
                List<CompletableFuture<MessageId>> taken;
                synchronized (this) {
                    taken = List.copyOf(pending);
                    pending.clear();
                }
                taken.forEach(answer -> answer.complete(Messages.receipt(1)));
                return;
            }
            synchronized (this) {
                pending.forEach(answer -> answer.completeExceptionally(failure));
                pending.clear();
            }
        }
    }

    @Test
    void answersEverythingOnceWhileProducersComeAndGo() {
        // Given
        Collection<Send> sends = new ConcurrentLinkedQueue<>();
        Collection<ScriptedPublisher> publishers = new ConcurrentLinkedQueue<>();
        AtomicInteger answers = new AtomicInteger();
        AtomicBoolean over = new AtomicBoolean();
        FutureTask<Void> control = Together.start("control", () -> {
            while (!over.get()) {
                ScriptedPublisher fresh = new ScriptedPublisher();
                publishers.add(fresh);
                rig.attach(fresh);
                Thread.yield();
                rig.lane.detach("died", null);
            }
        });
        FutureTask<Void> client = Together.start("client", () -> {
            while (!over.get()) {
                publishers.forEach(ScriptedPublisher::acknowledgeAll);
                Thread.yield();
            }
        });

        // When
        Together.run(3, thread -> {
            for (int i = 0; i < 1_000; i++) {
                Send send = rig.admitted();
                send.whenComplete((receipt, failure) -> answers.incrementAndGet());
                while (rig.lane.offer(send) == OfferResult.DOWN) {
                    Thread.yield();
                }
                sends.add(send);
            }
        });
        over.set(true);
        Together.join(control);
        Together.join(client);
        rig.lane.detach("was stopped", null);

        // Then
        assertThat(sends).hasSize(3_000).allMatch(send -> send.isDone());
        assertThat(answers).hasValue(3_000);
        assertThat(rig.openSends.open()).isZero();
        assertThat(rig.lane.inFlight()).isZero();
        assertThat(rig.holdsNothing()).isTrue();
        long last = -1;
        for (ScriptedPublisher publisher : publishers) {
            for (long id : publisher.sequenceIds()) {
                assertThat(id).isGreaterThan(last);
                last = id;
            }
        }
    }

    static IntStream seeds() {
        return IntStream.range(0, 100);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void answersEverythingOnceAndHoldsNothingAfterAnyMixOfFaults(int seed) {
        // Given
        Random random = new Random(seed);
        ScriptedPublisher publisher = rig.attach();
        List<Send> sends = new ArrayList<>();
        AtomicInteger answers = new AtomicInteger();

        // When
        for (int step = 0; step < 300; step++) {
            int open = publisher.entries().size();
            switch (random.nextInt(10)) {
                case 0 -> {
                    rig.lane.detach("died", null);
                    publisher = rig.attach(new ScriptedPublisher(random.nextInt(300)));
                }
                case 1 -> rig.scheduler.advance(Duration.ofMillis(random.nextInt(1000)));
                case 2 -> publisher.failingNext(new PulsarClientException("at once"));
                case 3 -> publisher.failingNext(new PulsarClientException.MemoryBufferIsFullError("full", 0));
                case 4, 5 -> {
                    if (open > 0) {
                        publisher.acknowledge(random.nextInt(open));
                    }
                }
                case 6 -> {
                    if (open > 0) {
                        publisher.fail(random.nextInt(open), new PulsarClientException("later"));
                    }
                }
                default -> {
                    Send send = rig.admitted(Duration.ofMillis(1 + random.nextInt(2000)));
                    send.whenComplete((receipt, failure) -> answers.incrementAndGet());
                    sends.add(send);
                    while (rig.lane.offer(send) == OfferResult.FULL) {
                        Thread.onSpinWait();
                    }
                }
            }
            assertThat(rig.lane.inFlight()).isEqualTo((int)
                    sends.stream().filter(send -> !send.isReleased()).count());
            assertThat(rig.own.messages()).isEqualTo(rig.lane.inFlight());
        }
        rig.lane.detach("was stopped", null);
        rig.scheduler.advance(Duration.ofMinutes(1));

        // Then
        assertThat(sends).allMatch(send -> send.isDone());
        assertThat(answers).hasValue(sends.size());
        assertThat(rig.counters.failedMessages() + rig.counters.acknowledgedMessages())
                .isEqualTo(sends.size());
        assertThat(rig.openSends.open()).isZero();
        assertThat(rig.holdsNothing()).isTrue();
        assertThat(rig.scheduler.pending()).isZero();
    }
}
