package dev.vela.internal.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.Batching;
import dev.vela.internal.pulsar.EncodedEntry;
import dev.vela.internal.pulsar.HealthyPublisher;
import dev.vela.internal.pulsar.Messages;
import dev.vela.internal.pulsar.Refusal;
import dev.vela.internal.scheduling.Together;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClientException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Any mix of deaths, lost receipts and full memory, before a broker that deduplicates: each message is stored once, in
 * order.
 */
class ReplayFaultsTest {
    private static final Batching BATCHING =
            Batching.defaults().withMaxMessages(3).withFlushInterval(Duration.ofMillis(20));

    private final Store store = new Store();

    /** What a broker stores of one producer name: what is above the highest id so far. Thread-safe. */
    private static final class Store {
        private final List<Integer> stored = new ArrayList<>(); // this and all below: guarded by this
        private long highest = -1;

        synchronized MessageId store(EncodedEntry entry, long sequenceId) {
            if (sequenceId <= highest) {
                return Messages.duplicateReceipt();
            }
            highest = sequenceId;
            Messages.payloads(entry).forEach(payload -> stored.add(number(payload)));
            return Messages.receipt(sequenceId);
        }

        synchronized List<Integer> stored() {
            return List.copyOf(stored);
        }

        synchronized long highest() {
            return highest;
        }
    }

    /** A producer whose entries reach the store when the test says so, and whose receipts may get lost. Thread-safe. */
    private final class Wire extends HealthyPublisher {
        private record Pending(EncodedEntry entry, long sequenceId, CompletableFuture<MessageId> answer) {}

        private final ArrayDeque<Pending> queue = new ArrayDeque<>(); // this and all below: guarded by this
        private final List<CompletableFuture<MessageId>> unheard = new ArrayList<>();
        private int fullFor;
        private boolean closed;

        @Override
        public synchronized CompletableFuture<MessageId> publish(EncodedEntry entry, long sequenceId) {
            if (closed) {
                return CompletableFuture.failedFuture(
                        new Refusal(new PulsarClientException.AlreadyClosedException("closed")));
            }
            if (fullFor > 0) {
                fullFor--;
                return CompletableFuture.failedFuture(
                        new Refusal(new PulsarClientException.MemoryBufferIsFullError("full", 0)));
            }
            CompletableFuture<MessageId> answer = new CompletableFuture<>();
            queue.add(new Pending(entry, sequenceId, answer));
            return answer;
        }

        synchronized void beFull(int times) {
            fullFor = times;
        }

        /** The oldest entry reaches the store. */
        void deliver(boolean isHeardOf) {
            Pending next;
            MessageId receipt;
            synchronized (this) {
                next = closed ? null : queue.poll();
                if (next == null) {
                    return;
                }
                receipt = store.store(next.entry, next.sequenceId);
                if (!isHeardOf) {
                    unheard.add(next.answer);
                    return;
                }
            }
            next.answer.complete(receipt);
        }

        @Override
        public CompletableFuture<Void> closeAsync() {
            List<CompletableFuture<MessageId>> failed = new ArrayList<>();
            synchronized (this) {
                closed = true;
                failed.addAll(unheard);
                queue.forEach(pending -> failed.add(pending.answer));
                queue.clear();
            }
            failed.forEach(
                    answer -> answer.completeExceptionally(new PulsarClientException.AlreadyClosedException("closed")));
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public long lastSequenceId() {
            return store.highest();
        }
    }

    private static byte[] payload(int number) {
        return new byte[] {(byte) (number >> 16), (byte) (number >> 8), (byte) number};
    }

    private static int number(byte[] payload) {
        return ((payload[0] & 0xff) << 16) | ((payload[1] & 0xff) << 8) | (payload[2] & 0xff);
    }

    static IntStream seeds() {
        return IntStream.range(0, 200);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void storesEachMessageOnceInOrderAfterAnyMixOfFaults(int seed) {
        // Given
        Random random = new Random(seed);
        LaneRig rig = LaneRig.replaying(seed % 2 == 0 ? null : BATCHING);
        rig.drains = true;
        List<Send> sends = new ArrayList<>();
        Wire wire = rig.attach(new Wire());

        // When
        for (int step = 0; step < 400; step++) {
            switch (random.nextInt(12)) {
                case 0 -> wire = replace(rig, wire);
                case 1 -> rig.scheduler.advance(Duration.ofMillis(random.nextInt(100)));
                case 2 -> wire.beFull(random.nextInt(4));
                case 3 -> wire.deliver(false);
                case 4, 5, 6 -> wire.deliver(true);
                default -> {
                    Send send = rig.admitted(
                            Messages.of(payload(sends.size())), Duration.ofMillis(1 + random.nextInt(3000)), false);
                    sends.add(send);
                    offer(rig, send);
                }
            }
            rig.scheduler.runPending();
            assertThat(rig.own.messages()).isGreaterThanOrEqualTo(rig.lane.inFlight());
        }
        drain(rig, wire);

        // Then all are stored but those few whose time ran out before a lane took them
        List<Integer> taken = IntStream.range(0, sends.size())
                .filter(number -> !(LaneRig.failure(sends.get(number)) instanceof IllegalStateException))
                .boxed()
                .toList();
        assertThat(store.stored()).containsExactlyElementsOf(taken);
        assertThat(sends.size() - taken.size()).isLessThanOrEqualTo(2);
        assertThat(sends).allMatch(CompletableFuture::isDone);
        assertThat(rig.openSends.open()).isZero();
        assertThat(rig.holdsNothing()).isTrue();
        assertThat(rig.lane.inFlight()).isZero();
    }

    private static void offer(LaneRig rig, Send send) {
        OfferResult result = rig.lane.offer(send);
        if (result != OfferResult.TAKEN) {
            rig.queue.add(send, result);
        }
    }

    private void drain(LaneRig rig, Wire wire) {
        Wire last = replace(rig, wire);
        for (int i = 0; i < 2000; i++) {
            rig.scheduler.advance(Duration.ofMillis(20));
            rig.queue.scheduleDrain();
            last.deliver(true);
        }
        rig.scheduler.advance(Duration.ofMinutes(1));
    }

    private Wire replace(LaneRig rig, Wire wire) {
        wire.closeAsync();
        rig.lane.suspend("died", new PulsarClientException("died"));
        return rig.attach(new Wire());
    }

    static IntStream runs() {
        return IntStream.range(0, 5);
    }

    @ParameterizedTest(name = "run {0}")
    @MethodSource("runs")
    void storesEachMessageOnceInTheOrderOfItsThreadWhileProducersComeAndGo(int run) {
        // Given
        int threads = 3;
        int each = 1_000;
        LaneRig rig = LaneRig.replaying(null);
        AtomicReference<Wire> wire = new AtomicReference<>(rig.attach(new Wire()));
        Collection<Send> sends = new ConcurrentLinkedQueue<>();
        AtomicBoolean over = new AtomicBoolean();
        Random random = new Random(run);
        FutureTask<Void> control = Together.start("control", () -> {
            while (!over.get()) {
                wire.set(replace(rig, wire.get()));
                for (int i = random.nextInt(50); i >= 0; i--) {
                    rig.scheduler.runPending();
                    Thread.yield();
                }
            }
        });
        FutureTask<Void> client = Together.start("client", () -> {
            Random fate = new Random(run);
            while (!over.get()) {
                wire.get().deliver(fate.nextInt(4) > 0);
            }
        });

        // When
        Together.run(threads, thread -> {
            for (int i = 0; i < each; i++) {
                Send send = rig.admitted(Messages.of(payload((thread << 16) | i)), LaneRig.TIMEOUT, false);
                sends.add(send);
                while (rig.lane.offer(send) != OfferResult.TAKEN) {
                    Thread.yield();
                }
            }
        });
        over.set(true);
        Together.join(control);
        Together.join(client);
        Wire last = replace(rig, wire.get());
        rig.scheduler.runPending();
        for (int i = 0; i < threads * each; i++) {
            last.deliver(true);
        }

        // Then
        List<Integer> stored = store.stored();
        assertThat(stored).hasSize(threads * each);
        for (int i = 0; i < threads; i++) {
            int thread = i;
            assertThat(stored.stream().filter(number -> number >> 16 == thread).toList())
                    .containsExactlyElementsOf(IntStream.range(0, each)
                            .mapToObj(number -> (thread << 16) | number)
                            .toList());
        }
        assertThat(sends).allSatisfy(send -> assertThat(send).isCompleted());
        assertThat(rig.holdsNothing()).isTrue();
        assertThat(rig.lane.inFlight()).isZero();
    }
}
