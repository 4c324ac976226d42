package dev.vela.internal.lane;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.vela.Batching;
import dev.vela.InFlightPolicy;
import dev.vela.internal.pulsar.EncodedEntry;
import dev.vela.internal.pulsar.EncodedMessage;
import dev.vela.internal.pulsar.EntryPublisher;
import dev.vela.internal.pulsar.HealthyPublisher;
import dev.vela.internal.pulsar.Messages;
import dev.vela.internal.pulsar.Refusal;
import dev.vela.internal.scheduling.Scheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.jetbrains.kotlinx.lincheck.strategy.TimeoutFailure;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Explores how the threads of a batching lane may be interleaved: each test is run many times, and the order in which
 * its threads go on is chosen anew each time, at each access to what they share.
 */
@Tag("full")
class LaneModelTest {
    private static final Logger log = LoggerFactory.getLogger(LaneModelTest.class);
    private static final int MOST_RUNS = 3;
    private static final int INVOCATIONS = Integer.getInteger("vela.lincheck.invocations", 300);
    private static final Batching PAIRS =
            Batching.defaults().withMaxMessages(2).withMaxBytes(1024).withFlushInterval(Duration.ofMinutes(1));

    /*
     * Lincheck rewrites classes as they are first used, and takes a run for hung that lasts 30 s, which on a slow
     * machine the first ones would with all that they use. So most of it is used in runs of their own. They prove
     * nothing, and one that is cut short has rewritten some of the classes: another one goes on from there.
     */
    @BeforeAll
    static void rewriteClasses() {
        EncodedMessage[] messages = messages(2);
        rewrite(Model::new);
        rewrite(() -> {
            Model model = new Model();
            model.route(model.send(messages[0]));
        });
        rewrite(() -> {
            Model model = new Model();
            model.refusals = 1;
            model.route(model.send(messages[0]));
            model.route(model.send(messages[1]));
            model.finish();
        });
        rewrite(() -> {
            Model model = new Model();
            model.route(model.send(messages[0]));
            model.lane.suspend("died", new PulsarClientException("died"));
            model.lane.attach(model, model.queue::scheduleDrain);
            model.finish();
        });
    }

    private static void rewrite(Runnable use) {
        boolean cutShort = true;
        for (int run = 0; cutShort && run < MOST_RUNS; run++) {
            cutShort = !explored(1, use);
        }
    }

    private static void explore(Runnable test) {
        boolean cutShort = true;
        for (int run = 0; cutShort && run < MOST_RUNS; run++) {
            cutShort = !explored(INVOCATIONS, test);
        }
        assumeFalse(cutShort, "this machine is too slow for Lincheck's watchdog: nothing was shown");
    }

    /**
     * Returns whether it was explored, or cut short by the watchdog, which proves nothing. Lincheck itself finds
     * deadlocks.
     */
    private static boolean explored(int invocations, Runnable test) {
        try {
            Lincheck.runConcurrentTest(invocations, test);
            return true;
        } catch (LincheckAssertionError e) {
            if (e.getFailure$lincheck() instanceof TimeoutFailure) {
                log.info("Cut short by the watchdog", e);
                return false;
            }
            throw e;
        }
    }

    @Test
    void leavesNothingBehindWhenReceiptsComeWhileOthersSend() {
        EncodedMessage[] messages = messages(3);
        explore(() -> {
            Model model = new Model();
            model.route(model.send(messages[0]));

            Thread sender = new Thread(() -> {
                model.route(model.send(messages[1]));
                model.route(model.send(messages[2]));
            });
            Thread client = new Thread(model::answerAll);
            join(sender, client);

            model.finish();
            model.check(messages.length);
            model.checkOrder(messages[1], messages[2]);
        });
    }

    @Test
    void keepsTheOrderOfAThreadWhenTheClientRefuses() {
        EncodedMessage[] messages = messages(4);
        explore(() -> {
            Model model = new Model();
            model.refusals = 1;

            Thread sender = new Thread(() -> {
                model.route(model.send(messages[0]));
                model.route(model.send(messages[1]));
            });
            Thread other = new Thread(() -> {
                model.route(model.send(messages[2]));
                model.route(model.send(messages[3]));
            });
            Thread control = new Thread(model::runTasks);
            join(sender, other, control);

            model.finish();
            model.check(messages.length);
            model.checkOrder(messages[0], messages[1]);
            model.checkOrder(messages[2], messages[3]);
        });
    }

    @Test
    void aStopMissesNoMessageAndWaitsForNoneThatDidNotCome() {
        EncodedMessage[] messages = messages(2);
        explore(() -> {
            Model model = new Model();
            int[] taken = new int[1];

            Thread sender = new Thread(() -> {
                for (EncodedMessage message : messages) {
                    taken[0] += model.lane.offer(model.send(message)) == OfferResult.TAKEN ? 1 : 0;
                }
            });
            List<CompletableFuture<Void>> settled = new ArrayList<>();
            Thread stop = new Thread(() -> {
                model.openSends.endIntake();
                model.lane.flush();
                settled.add(model.openSends.whenSettled());
            });
            join(sender, stop);

            model.finish();
            model.check(taken[0]);
            if (!settled.get(0).isDone()) {
                throw new AssertionError("the stop waits still");
            }
        });
    }

    @Test
    void aFlushWaitsForWhatWasAcceptedBeforeAndForNothingForEver() {
        EncodedMessage[] messages = messages(3);
        explore(() -> {
            Model model = new Model();
            Send before = model.send(messages[0]);
            model.route(before);

            Thread sender = new Thread(() -> {
                model.route(model.send(messages[1]));
                model.route(model.send(messages[2]));
            });
            List<CompletableFuture<Void>> flushed = new ArrayList<>();
            boolean[] isTold = new boolean[1];
            Thread flush = new Thread(() -> {
                CompletableFuture<Void> done = model.openSends.flush();
                done.thenRun(() -> isTold[0] = before.isDone());
                model.lane.flush();
                flushed.add(done);
            });
            Thread client = new Thread(model::answerAll);
            join(sender, flush, client);

            model.finish();
            model.check(messages.length);
            if (!flushed.get(0).isDone() || !isTold[0]) {
                throw new AssertionError("flushed, with what was before done: " + isTold[0] + ", " + flushed);
            }
        });
    }

    @Test
    void keepsTheOrderOfAThreadWhenASuccessorSendsAgainWhatWasInFlight() {
        EncodedMessage[] messages = messages(3);
        explore(() -> {
            Model model = new Model();
            model.route(model.send(messages[0]));

            Thread sender = new Thread(() -> {
                model.route(model.send(messages[1]));
                model.route(model.send(messages[2]));
            });
            Thread client = new Thread(model::answerAll);
            Thread control = new Thread(() -> {
                model.lane.suspend("died", new PulsarClientException("died"));
                model.lane.attach(model, model.queue::scheduleDrain);
            });
            join(sender, client, control);

            model.finish();
            model.check(messages.length);
            model.checkOrder(messages[0], messages[1]);
            model.checkOrder(messages[1], messages[2]);
        });
    }

    private static EncodedMessage[] messages(int count) {
        EncodedMessage[] messages = new EncodedMessage[count];
        for (int i = 0; i < count; i++) {
            messages[i] = Messages.of(new byte[] {(byte) i});
        }
        return messages;
    }

    private static void join(Thread... threads) {
        try {
            for (Thread thread : threads) {
                thread.start();
            }
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * A lane with all that it needs, on a clock that stands still; tasks of its control thread run when they are run.
     */
    private static final class Model extends HealthyPublisher implements Scheduler, LaneListener, QueueRouter {
        private final Budget runtime = new Budget("the runtime's budget", 1000, 100_000, new RoomSignal());
        private final Budget own = new Budget("its own budget", 1000, 100_000, new RoomSignal());
        private final Admission admission = new Admission(runtime, own);
        private final OpenSends openSends = new OpenSends();
        private final LaneCounters counters = new LaneCounters(-1, null);
        private final Completions completions = new Completions(Runnable::run);
        private final WaitingQueue queue = new WaitingQueue(this, this);
        private final Lane lane;
        private final Object monitor = new Object();
        private final ArrayDeque<Runnable> tasks = new ArrayDeque<>(); // this and all below: guarded by monitor
        private final List<CompletableFuture<MessageId>> pending = new ArrayList<>();
        private final List<Byte> sent = new ArrayList<>();
        private long highest = -1;
        private int refusals;

        Model() {
            LaneContext context = new LaneContext(
                    -1,
                    this,
                    queue,
                    completions,
                    counters,
                    admission,
                    PAIRS,
                    InFlightPolicy.REPLAY,
                    UnaryOperator.identity(),
                    Schema.BYTES,
                    new Buffers(0),
                    new Pace(),
                    false);
            lane = new Lane("group-0", context, this);
            lane.attach(this, () -> {});
        }

        Send send(EncodedMessage message) {
            return new Send(message, 0, Duration.ofHours(1), false, openSends);
        }

        /** As a group does it. */
        void route(Send send) {
            OfferResult result = lane.offer(send);
            if (result == OfferResult.TAKEN) {
                return;
            }
            if (result == OfferResult.NO_ROOM || !send.tryAdmit(admission, false)) {
                throw new AssertionError("no room");
            }
            send.acceptAt(0);
            queue.add(send, result);
        }

        /** Answers all that is pending. Returns whether there was anything. */
        boolean answerAll() {
            List<CompletableFuture<MessageId>> taken;
            synchronized (monitor) {
                taken = new ArrayList<>(pending);
                pending.clear();
            }
            taken.forEach(answer -> answer.complete(Messages.receipt(1)));
            return !taken.isEmpty();
        }

        /** Runs what the control thread has to do. Returns whether there was anything. */
        boolean runTasks() {
            boolean any = false;
            Runnable task = nextTask();
            while (task != null) {
                any = true;
                task.run();
                task = nextTask();
            }
            return any;
        }

        private @Nullable Runnable nextTask() {
            synchronized (monitor) {
                return tasks.poll();
            }
        }

        /** Lets all that is under way come to its end. */
        void finish() {
            while (answerAll() || runTasks()) {}
        }

        void check(int count) {
            if (openSends.open() != 0 || runtime.messages() + own.messages() + runtime.bytes() + own.bytes() != 0) {
                throw new AssertionError("something is held");
            }
            if (sent.size() != count || counters.acknowledgedMessages() != count) {
                throw new AssertionError("sent " + sent + " of " + count);
            }
        }

        void checkOrder(EncodedMessage before, EncodedMessage after) {
            if (sent.indexOf(number(before)) > sent.indexOf(number(after))) {
                throw new AssertionError("sent " + sent);
            }
        }

        private static byte number(EncodedMessage message) {
            return Messages.payloads(message).get(0)[0];
        }

        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public boolean isCurrent() {
            return true;
        }

        @Override
        public void execute(Runnable task) {
            synchronized (monitor) {
                tasks.add(task);
            }
        }

        /**
         * Those that have an entry leave never ring: nothing may depend on them. Those for what was refused ring at
         * once.
         */
        @Override
        public Cancellable schedule(Duration delay, Runnable task) {
            if (delay.equals(WaitingQueue.FULL_RETRY)) {
                execute(task);
            }
            return () -> {};
        }

        @Override
        public CompletableFuture<MessageId> publish(EncodedEntry entry, long sequenceId) {
            CompletableFuture<MessageId> answer = new CompletableFuture<>();
            synchronized (monitor) {
                if (refusals > 0) {
                    refusals--;
                    answer.completeExceptionally(
                            new Refusal(new PulsarClientException.MemoryBufferIsFullError("full", 0)));
                    return answer;
                }
                pending.add(answer);
                if (sequenceId > highest) { // a broker that deduplicates
                    highest = sequenceId;
                    Messages.payloads(entry).forEach(payload -> sent.add(payload[0]));
                }
            }
            return answer;
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
            throw new AssertionError(cause);
        }
    }
}
