package dev.vela.internal.handle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vela.Batching;
import dev.vela.InFlightPolicy;
import dev.vela.internal.lane.Admission;
import dev.vela.internal.lane.Budget;
import dev.vela.internal.lane.Buffers;
import dev.vela.internal.lane.Completions;
import dev.vela.internal.lane.IdleRouter;
import dev.vela.internal.lane.Lane;
import dev.vela.internal.lane.LaneContext;
import dev.vela.internal.lane.LaneCounters;
import dev.vela.internal.lane.OfferResult;
import dev.vela.internal.lane.OpenSends;
import dev.vela.internal.lane.Pace;
import dev.vela.internal.lane.RoomSignal;
import dev.vela.internal.lane.Send;
import dev.vela.internal.lane.WaitingQueue;
import dev.vela.internal.pulsar.EncodedEntry;
import dev.vela.internal.pulsar.HealthyPublisher;
import dev.vela.internal.pulsar.Messages;
import dev.vela.internal.scheduling.ControlThread;
import dev.vela.internal.scheduling.Together;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Virtual threads that wait in Vela leave their carriers to others. */
class VirtualThreadsTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final String PINNED = "jdk.VirtualThreadPinned";
    private static final int THREADS = 1_000;
    private static final int ROOM = 50;

    @TempDir
    private Path folder;

    private ExecutorService threads;

    @BeforeEach
    void start() throws ReflectiveOperationException {
        assumeTrue(Runtime.version().feature() >= 21, "virtual threads come with JDK 21");
        threads = (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    }

    @AfterEach
    void end() {
        if (threads != null) {
            threads.shutdown();
        }
    }

    static Stream<@Nullable Batching> batchings() {
        return Stream.of(null, Batching.defaults());
    }

    @ParameterizedTest
    @MethodSource("batchings")
    void aThousandWaitForRoomAndForReceiptsAndNoneIsPinned(@Nullable Batching batching) throws Exception {
        sendAll(2 * ROOM, batching); // a thread that waits for the initializer of a class is pinned, once
        try (Recording recording = recording()) {
            sendAll(THREADS, batching);

            List<RecordedEvent> pinned = pinned(recording);
            if (Runtime.version().feature() >= 24) {
                assertThat(pinned).noneMatch(VirtualThreadsTest::isInVela);
            }
        }
    }

    /** All wait at once, until the client begins to answer. */
    private void sendAll(int count, @Nullable Batching batching) throws Exception {
        HoldingPublisher publisher = new HoldingPublisher();
        try (ControlThread control = new ControlThread("virtual-threads-test")) {
            OpenSends openSends = new OpenSends();
            Budget runtime = new Budget("runtime", 1_000_000, 1L << 30, new RoomSignal());
            RoomSignal room = new RoomSignal();
            Admission admission = new Admission(runtime, new Budget("own", ROOM, 1L << 20, room));
            Lane lane = lane(control, admission, batching);
            RoomWait wait = new RoomWait(runtime, room, control, () -> null, nanos -> {});
            CompletableFuture.runAsync(() -> lane.attach(publisher, () -> {}), control::execute)
                    .join();
            AtomicInteger begun = new AtomicInteger();
            List<Future<MessageId>> answers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int affinity = i;
                answers.add(threads.submit(() -> {
                    Send send = new Send(Messages.ofSize(100), affinity, LONG, true, openSends);
                    send.acceptAt(control.nanoTime());
                    begun.incrementAndGet();
                    assertThat(wait.offer(send, lane::offer)).isEqualTo(OfferResult.TAKEN);
                    return send.get();
                }));
            }
            await().atMost(LONG).until(() -> begun.get() == count);
            assertThat(answers).noneMatch(Future::isDone);
            FutureTask<Void> client = publisher.answerFromNowOn();
            for (Future<MessageId> answer : answers) {
                assertThat(answer.get(5, TimeUnit.MINUTES)).isNotNull();
            }
            threads.submit(() -> openSends.flush().get()).get(5, TimeUnit.MINUTES);
            publisher.end();
            Together.join(client);
        }
    }

    /** The control: what is pinned is seen. */
    @Test
    void aThreadThatWaitsInAnInitializerIsPinnedAndSeen() throws Exception {
        try (Recording recording = recording()) {
            threads.submit(() -> Waits.DONE).get(5, TimeUnit.MINUTES);

            assertThat(pinned(recording)).isNotEmpty();
        }
    }

    private static final class Waits {
        static final Boolean DONE;

        static {
            LockSupport.parkNanos(1_000_000);
            DONE = Boolean.TRUE;
        }
    }

    private static Recording recording() {
        Recording recording = new Recording();
        recording.enable(PINNED).withThreshold(Duration.ZERO).withStackTrace();
        recording.start();
        return recording;
    }

    private List<RecordedEvent> pinned(Recording recording) throws Exception {
        recording.stop();
        Path file = folder.resolve("pinned.jfr");
        recording.dump(file);
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals(PINNED))
                .toList();
    }

    private static boolean isInVela(RecordedEvent event) {
        return event.getStackTrace().getFrames().stream()
                .map(frame -> frame.getMethod().getType().getName())
                .anyMatch(name -> name.startsWith("dev.vela.") && !name.startsWith(VirtualThreadsTest.class.getName()));
    }

    private static Lane lane(ControlThread control, Admission admission, @Nullable Batching batching) {
        LaneContext context = new LaneContext(
                -1,
                control,
                new WaitingQueue(control, new IdleRouter()),
                new Completions(Runnable::run),
                new LaneCounters(-1, null),
                admission,
                batching,
                InFlightPolicy.REPORT,
                UnaryOperator.identity(),
                Schema.BYTES,
                new Buffers(1 << 16),
                new Pace(),
                true);
        return new Lane("group-0", context, (publisher, cause) -> {
            throw new AssertionError(cause);
        });
    }

    /** Answers on a thread of its own, once it is told to. */
    private static final class HoldingPublisher extends HealthyPublisher {
        private final List<CompletableFuture<MessageId>> pending = new ArrayList<>(); // guarded by this
        private final AtomicBoolean over = new AtomicBoolean();

        @Override
        public CompletableFuture<MessageId> publish(EncodedEntry entry, long sequenceId) {
            CompletableFuture<MessageId> answer = new CompletableFuture<>();
            synchronized (this) {
                pending.add(answer);
            }
            return answer;
        }

        FutureTask<Void> answerFromNowOn() {
            return Together.start("client", () -> {
                while (!over.get()) {
                    List<CompletableFuture<MessageId>> taken;
                    synchronized (this) {
                        taken = List.copyOf(pending);
                        pending.clear();
                    }
                    taken.forEach(answer -> answer.complete(Messages.receipt(1)));
                    Thread.yield();
                }
            });
        }

        void end() {
            over.set(true);
        }
    }
}
