package dev.vela.bench;

import dev.vela.Batching;
import dev.vela.InFlightPolicy;
import dev.vela.internal.lane.Admission;
import dev.vela.internal.lane.Budget;
import dev.vela.internal.lane.Buffers;
import dev.vela.internal.lane.CallbackSend;
import dev.vela.internal.lane.Completions;
import dev.vela.internal.lane.Lane;
import dev.vela.internal.lane.LaneContext;
import dev.vela.internal.lane.LaneCounters;
import dev.vela.internal.lane.LaneListener;
import dev.vela.internal.lane.OfferResult;
import dev.vela.internal.lane.OpenSends;
import dev.vela.internal.lane.Pace;
import dev.vela.internal.lane.QueueRouter;
import dev.vela.internal.lane.RoomSignal;
import dev.vela.internal.lane.Send;
import dev.vela.internal.lane.WaitingQueue;
import dev.vela.internal.pulsar.Draft;
import dev.vela.internal.pulsar.EncodedEntry;
import dev.vela.internal.pulsar.EntryPublisher;
import dev.vela.internal.scheduling.ControlThread;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.impl.MessageIdImpl;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures only the send path of a lane that batches. A client that acknowledges each entry at once replaces the
 * official client, so messages are answered on the sending thread, and the figures include the answers.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class SendPath {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final long ROOM = 1L << 40;

    private final byte[] payload = new byte[100];
    private final ControlThread control = new ControlThread("send-path");
    private final OpenSends openSends = new OpenSends();
    private final WaitingQueue queue = new WaitingQueue(control, new Nobody());
    private final Lane lane = lane();

    private Lane lane() {
        Admission admission = new Admission(budget("the runtime's budget"), budget("the lane's budget"));
        LaneContext context = new LaneContext(
                -1,
                control,
                queue,
                new Completions(Runnable::run),
                new LaneCounters(-1, null),
                admission,
                Batching.defaults().withFlush(Batching.Flush.AT_INTERVAL),
                InFlightPolicy.REPORT,
                UnaryOperator.identity(),
                Schema.BYTES,
                new Buffers(1 << 20),
                new Pace(),
                false);
        Lane attached = new Lane("send-path", context, new Nobody());
        attached.attach(new Nobody(), () -> {});
        return attached;
    }

    private static Budget budget(String name) {
        return new Budget(name, ROOM, ROOM, new RoomSignal());
    }

    /** Sends a message with its future. */
    @Benchmark
    public CompletableFuture<MessageId> future() {
        return take(new Send(Draft.of(Schema.BYTES, payload), 0, TIMEOUT, false, openSends));
    }

    /** Sends a message with its future, and a dependent of the future. */
    @Benchmark
    public CompletableFuture<MessageId> futureWithDependent() {
        return take(new Send(Draft.of(Schema.BYTES, payload), 0, TIMEOUT, false, openSends))
                .whenComplete((receipt, failure) -> {});
    }

    /** Sends a message with a callback. */
    @Benchmark
    public CompletableFuture<MessageId> callback() {
        return take(new CallbackSend(Draft.of(Schema.BYTES, payload), 0, TIMEOUT, openSends, (receipt, failure) -> {}));
    }

    private CompletableFuture<MessageId> take(Send send) {
        if (lane.offer(send) != OfferResult.TAKEN) {
            throw new IllegalStateException("not taken");
        }
        return send;
    }

    /** Ends the control thread. */
    @TearDown
    public void close() {
        control.close();
    }

    /** Acknowledges at once; the other methods are not called. */
    private static final class Nobody implements EntryPublisher, LaneListener, QueueRouter {
        private static final MessageId RECEIPT = new MessageIdImpl(1, 1, -1);

        @Override
        public CompletableFuture<MessageId> publish(EncodedEntry entry, long sequenceId) {
            return CompletableFuture.completedFuture(RECEIPT);
        }

        @Override
        public boolean isConnected() {
            return true;
        }

        @Override
        public @Nullable Throwable terminalCause() {
            return null;
        }

        @Override
        public long lastSequenceId() {
            return -1;
        }

        @Override
        public long lastDisconnected() {
            return 0;
        }

        @Override
        public CompletableFuture<Void> closeAsync() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void died(EntryPublisher publisher, Throwable cause) {
            throw new IllegalStateException(cause);
        }

        @Override
        public OfferResult offer(Send send) {
            return OfferResult.DOWN;
        }

        @Override
        public void drained() {}

        @Override
        public @Nullable Throwable refusal(Send send) {
            return null;
        }

        @Override
        public Throwable expired(Send send) {
            return new IllegalStateException("expired");
        }

        @Override
        public void failed(Send send, Throwable cause) {
            throw new IllegalStateException(cause);
        }
    }
}
