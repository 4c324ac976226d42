package dev.vela.internal.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vela.Batching;
import dev.vela.InFlightPolicy;
import dev.vela.internal.pulsar.EncodedEntry;
import dev.vela.internal.pulsar.EntryPublisher;
import dev.vela.internal.pulsar.HealthyPublisher;
import dev.vela.internal.pulsar.Messages;
import dev.vela.internal.pulsar.Refusal;
import dev.vela.internal.scheduling.ControlThread;
import dev.vela.internal.scheduling.Together;
import java.nio.ByteBuffer;
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
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A batching lane and its queue, on many threads, with a client that refuses now and then and answers on its own. */
class BatcherThreadsTest implements LaneListener, QueueRouter {

    private static final Duration TIMEOUT = Duration.ofMinutes(5);
    private static final int THREADS = 6;
    private static final int EACH = 1_500;

    private final ControlThread control = new ControlThread("batcher-test");
    private final Budget runtime = new Budget("runtime", 1_000_000, 1L << 30, new RoomSignal());
    private final Budget own = new Budget("own", 300, 1L << 20, new RoomSignal());
    private final Admission admission = new Admission(runtime, own);
    private final OpenSends openSends = new OpenSends();
    private final LaneCounters counters = new LaneCounters(-1, null);
    private final Completions completions = new Completions(Runnable::run);
    private final WaitingQueue queue = new WaitingQueue(control, this);
    private final Batching batching =
            Batching.defaults().withMaxMessages(20).withMaxBytes(1024).withFlushInterval(Duration.ofMillis(1));
    private final Lane lane = new Lane(
            "group-0",
            new LaneContext(
                    -1,
                    control,
                    queue,
                    completions,
                    counters,
                    admission,
                    batching,
                    InFlightPolicy.REPORT,
                    UnaryOperator.identity(),
                    Schema.BYTES,
                    new Buffers(1 << 16),
                    new Pace(),
                    false),
            this);

    @AfterEach
    void close() {
        control.close();
    }

    static IntStream seeds() {
        return IntStream.range(0, 8);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void handsEverythingOverOnceAndInTheOrderOfEachThread(int seed) {
        // Given
        RefusingPublisher publisher = new RefusingPublisher(new Random(seed));

        // When
        Collection<Send> sends = sendAll(seed, publisher, () -> {});

        // Then
        assertThat(sends).allSatisfy(send -> assertThat(send).isCompleted());
        assertThat(publisher.refusals).isPositive();
        assertThat(counters.acknowledgedMessages()).isEqualTo(THREADS * EACH);
        assertThatAllWentInOrder(publisher);
    }

    /** What had not left when a producer died must not be overtaken by what comes while it is on its way back. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void handsEverythingOverOnceAndInTheOrderOfEachThreadWhileProducersComeAndGo(int seed) {
        // Given
        RefusingPublisher publisher = new RefusingPublisher(new Random(seed));
        AtomicInteger deaths = new AtomicInteger();
        AtomicBoolean underWay = new AtomicBoolean(); // one at a time, or the control thread would do nothing else

        // When
        Collection<Send> sends = sendAll(seed, publisher, () -> {
            if (underWay.compareAndSet(false, true)) {
                control.execute(() -> {
                    lane.suspend("died", new PulsarClientException("died"));
                    deaths.incrementAndGet();
                    lane.attach(publisher, queue::scheduleDrain);
                    underWay.set(false);
                });
            }
        });

        // Then
        assertThat(sends).allMatch(CompletableFuture::isDone);
        assertThat(deaths).hasPositiveValue();
        assertThatAllWentInOrder(publisher);
    }

    /** Has all threads send, while something happens over and over again on another, until all is answered. */
    private Collection<Send> sendAll(int seed, RefusingPublisher publisher, Runnable meanwhile) {
        CompletableFuture.runAsync(() -> lane.attach(publisher, () -> {}), control::execute)
                .join();
        Collection<Send> sends = new ConcurrentLinkedQueue<>();
        AtomicBoolean over = new AtomicBoolean();
        FutureTask<Void> client = Together.start("client", () -> {
            while (!over.get() || publisher.hasPending()) {
                publisher.answerAll();
                meanwhile.run();
                Thread.yield();
            }
        });
        Together.run(THREADS, thread -> {
            Random random = new Random(seed * 31L + thread);
            for (int i = 0; i < EACH; i++) {
                Send send = send(thread, i, random);
                sends.add(send);
                route(send);
                if (random.nextInt(200) == 0) {
                    lane.flush();
                }
                if (random.nextInt(100) == 0) {
                    Thread.yield();
                }
            }
        });
        await().atMost(Duration.ofSeconds(30)).until(() -> openSends.open() == 0);
        over.set(true);
        Together.join(client);
        return sends;
    }

    private void assertThatAllWentInOrder(RefusingPublisher publisher) {
        assertThat(publisher.outOfOrder).isZero();
        assertThat(runtime.messages() + runtime.bytes() + own.messages() + own.bytes())
                .isZero();
        assertThat(lane.inFlight()).isZero();
        int[] next = new int[THREADS];
        for (byte[] payload : publisher.stored) {
            ByteBuffer numbers = ByteBuffer.wrap(payload);
            int thread = numbers.getInt();
            assertThat(numbers.getInt()).isEqualTo(next[thread]++);
        }
        assertThat(next).containsOnly(EACH);
    }

    private Send send(int thread, int number, Random random) {
        int padding = random.nextInt(40) == 0 ? 2_000 : random.nextInt(60);
        byte[] payload = new byte[2 * Integer.BYTES + padding];
        ByteBuffer.wrap(payload).putInt(thread).putInt(number);
        return new Send(Messages.of(payload), thread, TIMEOUT, false, openSends);
    }

    private void route(Send send) {
        OfferResult result = lane.offer(send);
        while (result == OfferResult.NO_ROOM) {
            Thread.yield();
            result = lane.offer(send);
        }
        if (result == OfferResult.TAKEN) {
            return;
        }
        send.acceptAt(control.nanoTime());
        while (!send.tryAdmit(admission, false)) {
            Thread.yield();
        }
        queue.add(send, result);
    }

    @Override
    public void died(EntryPublisher publisher, Throwable cause) {
        throw new AssertionError(cause);
    }

    @Override
    public OfferResult offer(Send send) {
        return lane.offer(send);
    }

    @Override
    public @Nullable Throwable refusal(Send send) {
        return null;
    }

    @Override
    public void drained() {}

    @Override
    public Throwable expired(Send send) {
        return new AssertionError("expired");
    }

    @Override
    public void failed(Send send, Throwable cause) {
        completions.fail(send, cause, counters);
    }

    /** Refuses one entry of ten as if its memory were full; what it takes is stored in the order of the calls. */
    private static final class RefusingPublisher extends HealthyPublisher {
        private final Random random; // this and all below: guarded by this, but read once all is over
        private final List<CompletableFuture<MessageId>> pending = new ArrayList<>();
        private final List<byte[]> stored = new ArrayList<>();
        private long last = -1;
        private int outOfOrder;
        private int refusals;

        RefusingPublisher(Random random) {
            this.random = random;
        }

        @Override
        public synchronized CompletableFuture<MessageId> publish(EncodedEntry entry, long sequenceId) {
            if (random.nextInt(10) == 0) {
                refusals++;
                return CompletableFuture.failedFuture(
                        new Refusal(new PulsarClientException.MemoryBufferIsFullError("full", 0)));
            }
            if (sequenceId != last + 1) {
                outOfOrder++;
            }
            last = sequenceId;
            stored.addAll(Messages.payloads(entry));
            CompletableFuture<MessageId> answer = new CompletableFuture<>();
            pending.add(answer);
            return answer;
        }

        synchronized boolean hasPending() {
            return !pending.isEmpty();
        }

        void answerAll() {
            List<CompletableFuture<MessageId>> taken;
            synchronized (this) {
                taken = List.copyOf(pending);
                pending.clear();
            }
            taken.forEach(answer -> answer.complete(Messages.receipt(1)));
        }
    }
}
