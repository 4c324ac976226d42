package dev.vela.internal.lane;

import dev.vela.Batching;
import dev.vela.InFlightPolicy;
import dev.vela.internal.pulsar.EncodedMessage;
import dev.vela.internal.pulsar.EntryPublisher;
import dev.vela.internal.pulsar.Messages;
import dev.vela.internal.pulsar.ScriptedPublisher;
import dev.vela.internal.scheduling.ManualScheduler;
import dev.vela.internal.scheduling.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Schema;
import org.jspecify.annotations.Nullable;

/** A lane with all that it needs around it, on a manual scheduler; user callbacks run on the thread that answers. */
final class LaneRig implements LaneListener {

    static final Duration TIMEOUT = Duration.ofSeconds(30);

    /** The end of one producer, as the lane told it. */
    record Death(EntryPublisher publisher, Throwable cause) {}

    final ManualScheduler scheduler = new ManualScheduler();
    final Budget runtime = new Budget("the runtime's budget", 100_000, 1L << 30, new RoomSignal());
    final Budget own;
    final Admission admission;
    final OpenSends openSends = new OpenSends();
    final List<String> told = Collections.synchronizedList(new ArrayList<>());
    final LaneCounters counters = new LaneCounters(
            3, HandleMetrics.of(List.of((name, topic) -> new ToldMetrics(told)), "orders", "orders", scheduler));
    final Completions completions = new Completions(Runnable::run);
    final List<Death> deaths = Collections.synchronizedList(new ArrayList<>());
    final List<EntryPublisher> lives = Collections.synchronizedList(new ArrayList<>());
    final Buffers buffers = new Buffers(1 << 20);
    final Pace pace = new Pace();
    final WaitingQueue queue = new WaitingQueue(scheduler, new QueueRouter());
    volatile boolean drains;
    private final InFlightPolicy policy;
    final Lane lane;

    LaneRig() {
        this(-1);
    }

    LaneRig(int partition) {
        this(partition, null, large(), InFlightPolicy.REPORT);
    }

    LaneRig(Batching batching) {
        this(-1, batching, large(), InFlightPolicy.REPORT);
    }

    LaneRig(Batching batching, Budget own) {
        this(-1, batching, own, InFlightPolicy.REPORT);
    }

    /** One whose successors send again what was in flight. */
    static LaneRig replaying(@Nullable Batching batching) {
        return new LaneRig(-1, batching, large(), InFlightPolicy.REPLAY);
    }

    private LaneRig(int partition, @Nullable Batching batching, Budget own, InFlightPolicy policy) {
        this.own = own;
        this.policy = policy;
        this.admission = new Admission(runtime, own);
        this.lane = newLane(partition, scheduler, batching);
    }

    private static Budget large() {
        return new Budget("the group's budget", 100_000, 1L << 30, new RoomSignal());
    }

    Lane newLane(int partition, Scheduler on) {
        return newLane(partition, on, null);
    }

    Lane newLane(int partition, Scheduler on, @Nullable Batching batching) {
        return new Lane("group-0", context(partition, on, batching), this);
    }

    LaneContext context(int partition, Scheduler on, @Nullable Batching batching) {
        return new LaneContext(
                partition,
                on,
                queue,
                completions,
                counters,
                admission,
                batching,
                policy,
                UnaryOperator.identity(),
                Schema.BYTES,
                buffers,
                pace,
                true);
    }

    @Override
    public void died(EntryPublisher publisher, Throwable cause) {
        deaths.add(new Death(publisher, cause));
    }

    /** Messages that wait stay there until the test has them drained. */
    private final class QueueRouter extends IdleRouter {
        @Override
        public boolean isOpen() {
            return drains;
        }

        @Override
        public OfferResult offer(Send send) {
            return lane.offer(send);
        }

        @Override
        public void failed(Send send, Throwable cause) {
            fail(send, cause);
        }
    }

    ScriptedPublisher attach() {
        return attach(new ScriptedPublisher());
    }

    <P extends EntryPublisher> P attach(P publisher) {
        lane.attach(publisher, () -> {
            lives.add(publisher);
            queue.scheduleDrain();
        });
        return publisher;
    }

    /** A message that was let in. */
    Send admitted() {
        return admitted(TIMEOUT);
    }

    Send admitted(Duration timeout) {
        return admitted(Messages.ofSize(10), timeout, false);
    }

    Send admitted(EncodedMessage message, Duration timeout, boolean waitedFor) {
        return admitted(unadmitted(message, timeout, waitedFor));
    }

    /** One that was let in, and whose order hangs on this. */
    Send admittedWith(int affinity) {
        return admitted(unadmitted(Messages.ofSize(10), affinity, TIMEOUT, false));
    }

    private Send admitted(Send send) {
        if (!send.tryAdmit(admission, false)) {
            throw new AssertionError("no room");
        }
        return send;
    }

    Send unadmitted(EncodedMessage message, Duration timeout, boolean waitedFor) {
        return unadmitted(message, 0, timeout, waitedFor);
    }

    private Send unadmitted(EncodedMessage message, int affinity, Duration timeout, boolean waitedFor) {
        Send send = new Send(message, affinity, timeout, waitedFor, openSends);
        send.count();
        send.acceptAt(scheduler.nanoTime());
        return send;
    }

    /** One that the lane took. */
    Send offered() {
        return offered(TIMEOUT);
    }

    Send offered(Duration timeout) {
        return taken(admitted(timeout));
    }

    Send taken(Send send) {
        OfferResult verdict = lane.offer(send);
        if (verdict != OfferResult.TAKEN) {
            throw new AssertionError("not taken: " + verdict);
        }
        return send;
    }

    /** Answers a send with a receipt, unless it has been answered. */
    void succeed(Send send, MessageId receipt) {
        succeed(completions, send, receipt);
    }

    static void succeed(Completions completions, Send send, MessageId receipt) {
        new Answer(send).last(receipt, null, new LaneCounters(-1, null)).give(completions);
    }

    /** Answers a send with a failure, unless it has been answered. */
    void fail(Send send, Throwable failure) {
        completions.fail(send, failure, counters);
    }

    boolean holdsNothing() {
        return runtime.messages() == 0 && runtime.bytes() == 0 && own.messages() == 0 && own.bytes() == 0;
    }

    /** What the send failed with; null if it succeeded or is not answered. */
    static @Nullable Throwable failure(Send send) {
        CompletableFuture<?> future = send;
        return future.isDone() ? future.handle((value, failure) -> failure).join() : null;
    }
}
