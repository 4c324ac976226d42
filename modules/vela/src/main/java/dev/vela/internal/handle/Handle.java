package dev.vela.internal.handle;

import dev.vela.HandleState;
import dev.vela.MessageRejectedException;
import dev.vela.SendCallback;
import dev.vela.SupervisedMessageBuilder;
import dev.vela.SupervisedProducer;
import dev.vela.internal.checks.Checks;
import dev.vela.internal.lane.Completions;
import dev.vela.internal.lane.Lane;
import dev.vela.internal.lane.LaneCounters;
import dev.vela.internal.lane.OfferResult;
import dev.vela.internal.lane.OpenSends;
import dev.vela.internal.lane.Reserve;
import dev.vela.internal.lane.RoomSignal;
import dev.vela.internal.lane.Send;
import dev.vela.internal.pulsar.EncodedMessage;
import dev.vela.internal.pulsar.Transactions;
import dev.vela.internal.runtime.CallbackShare;
import dev.vela.internal.runtime.ClientCalls;
import dev.vela.internal.runtime.HandleContext;
import dev.vela.internal.runtime.Hooks;
import dev.vela.internal.runtime.ProducerSettings;
import dev.vela.internal.runtime.RuntimeResources;
import dev.vela.internal.runtime.Threads;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.ProducerStats;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.transaction.Transaction;

/** The common part of all handles: sending, waiting, stopping. Subclasses decide where a message goes. */
public abstract class Handle<T> implements SupervisedProducer<T>, Availability {
    public static final Duration DEFAULT_DRAIN = Duration.ofSeconds(10);

    protected final RuntimeResources resources;
    final HandleContext<T> context;
    final String name;
    public final ProducerSettings<T> settings;
    final Hooks<T> hooks;
    protected final OpenSends openSends = new OpenSends();
    protected final CallbackShare callbacks;
    protected final Completions completions;
    private final Readiness readiness;
    private volatile boolean dismissed;
    private final Parent parent;
    private final LaneCounters counters;
    private final Intake<T> intake;
    private final long startedAt;
    private final AtomicReference<Seen> seen = new AtomicReference<>(new Seen(HandleState.STARTING, Instant.now()));

    /** A state, and when it was first seen. */
    record Seen(HandleState state, Instant since) {}

    /** Stops a handle, and starts it again after its restarts have run out. */
    public interface Parent {
        CompletableFuture<Void> stop(Handle<?> handle, Duration drain);

        /** The handle's calls of the official client. */
        ClientCalls calls();

        /** Called on the control thread. */
        void revive(Handle<?> handle);
    }

    /**
     * Creates a handle, and starts nothing.
     *
     * @param partition the partition, or -1
     */
    Handle(
            RuntimeResources resources,
            HandleContext<T> context,
            Parent parent,
            CallbackShare callbacks,
            int partition) {
        this.resources = resources;
        this.context = context;
        this.name = context.name();
        this.settings = context.settings();
        this.hooks = context.hooks();
        this.parent = parent;
        this.callbacks = callbacks;
        this.completions = new Completions(callbacks, callbacks::isAwaited);
        this.readiness = new Readiness(this, resources.control());
        this.counters = new LaneCounters(partition, context.metrics());
        this.intake = new Intake<>(this, resources, settings, openSends, completions);
        this.startedAt = resources.control().nanoTime();
    }

    @Override
    public abstract Lifecycle lifecycle();

    /** Takes room for a message and offers it to the lane that it belongs to. */
    public abstract OfferResult offer(Send send);

    /** The same for a message of a transaction, which may have to wait for the transaction. */
    abstract OfferResult offer(Transaction transaction, Send send);

    /** Signals room in the budgets of this handle. */
    abstract RoomSignal room();

    /**
     * The handle that takes a message: another handle than this one if the application's router chooses the partition.
     *
     * @throws MessageRejectedException if the router chooses none
     */
    Handle<T> destination(EncodedMessage message) throws MessageRejectedException {
        return this;
    }

    /** The group of the one topic or partition that a message of a transaction goes to; it accepts the message. */
    abstract Handle<T> transactionTarget(EncodedMessage message) throws PulsarClientException;

    /** Answers all of its messages that have no answer yet. On the control thread. */
    abstract void dismissAll();

    /** Restarts its children that are down. On the control thread. */
    abstract void restartChildren();

    /**
     * Closes all of its producers together, for good, before its supervisors ask for one after the other. On the
     * control thread.
     *
     * @param grace how long a producer may take to be closed before it counts as closed
     */
    public abstract void closeAhead(Duration grace);

    /** Checks on its producers. Called each second, on the control thread. */
    public abstract void tick();

    /** The handles under this one; none for a group. */
    abstract List<? extends Handle<T>> parts();

    final LaneCounters counters() {
        return counters;
    }

    /** The room that is taken for future messages. */
    public abstract Reserve reserve();

    abstract List<Lane> lanes();

    // ---- sending

    final Intake<T> intake() {
        return intake;
    }

    @Override
    public MessageId send(T value) throws PulsarClientException {
        return newMessage().value(value).send();
    }

    @Override
    public CompletableFuture<MessageId> sendAsync(T value) {
        return intake.send(value);
    }

    @Override
    public void sendAsync(T value, SendCallback callback) {
        intake.send(value, Objects.requireNonNull(callback, "callback"));
    }

    @Override
    public SupervisedMessageBuilder<T> newMessage() {
        return intake.newMessage(settings.schema(), null);
    }

    @Override
    public <V> SupervisedMessageBuilder<V> newMessage(Schema<V> schema) {
        return intake.newMessage(Objects.requireNonNull(schema, "schema"), null);
    }

    @Override
    public SupervisedMessageBuilder<T> newMessage(Transaction txn) {
        return newMessage(settings.schema(), txn);
    }

    @Override
    public <V> SupervisedMessageBuilder<V> newMessage(Schema<V> schema, Transaction txn) {
        Objects.requireNonNull(schema, "schema");
        Transactions.check(Objects.requireNonNull(txn, "txn"));
        return intake.newMessage(schema, txn);
    }

    // ---- waiting

    @Override
    public CompletableFuture<Void> flushAsync() {
        List<Handle<T>> all = withParts();
        List<CompletableFuture<Void>> completed =
                all.stream().map(handle -> handle.openSends.flush()).toList();
        lanes().forEach(Lane::flush); // not before the messages to wait for are known: see OpenSends
        return FlushFuture.of(
                allOf(completed),
                completions,
                () -> all.stream().anyMatch(handle -> handle.completions.isInCallback()));
    }

    private List<Handle<T>> withParts() {
        return Stream.<Handle<T>>concat(Stream.of(this), parts().stream()).toList();
    }

    private static CompletableFuture<Void> allOf(List<? extends CompletableFuture<?>> futures) {
        return CompletableFuture.allOf(futures.toArray(CompletableFuture<?>[]::new));
    }

    @Override
    public void flush() throws PulsarClientException {
        Threads.checkMayBlock("flush", "flushAsync");
        Threads.join(flushAsync(), "flush");
    }

    @Override
    public void awaitReady(Duration timeout) throws PulsarClientException {
        readiness.awaitReady(timeout);
    }

    @Override
    public void awaitUsable(Duration timeout) throws PulsarClientException {
        readiness.awaitUsable(timeout);
    }

    /**
     * Completes when the first attempts to create its producers have been answered: see {@link Readiness#whenOpened}.
     */
    public final CompletableFuture<Void> whenOpened(boolean lazily) {
        return readiness.whenOpened(lazily);
    }

    /** Notifies the calls whose wait for a state is over. On the control thread. */
    final void tellReadiness() {
        if (parts().isEmpty()) { // a handle with partitions would ask all of them, for each of them
            noteState();
        }
        readiness.tell();
    }

    /** Notes when the state changed. Any thread; on the control thread at the latest a second after it did. */
    public final void noteState() {
        seen();
    }

    /**
     * The state, and since when it has been so. Whoever sees a change first notes the time. The state is read after what
     * was noted, so that a slow thread cannot note a state that is over.
     */
    final Seen seen() {
        while (true) {
            Seen last = Objects.requireNonNull(seen.get());
            HandleState now = state();
            if (last.state() == now) {
                return last;
            }
            Seen next = new Seen(now, Instant.now());
            if (seen.compareAndSet(last, next)) {
                return next;
            }
        }
    }

    // ---- stopping

    /** Accepts no new messages from now on. */
    public final void endIntake() {
        openSends.endIntake();
        hooks.endWaiting();
        parts().forEach(Handle::endIntake);
        lanes().forEach(Lane::flush);
    }

    /** Completes when all accepted messages are completed. Call only once intake has ended. */
    public final CompletableFuture<Void> whenSettled() {
        return allOf(withParts().stream()
                .map(handle -> handle.openSends.whenSettled())
                .toList());
    }

    /** Answers all messages that have no answer yet; the drain is over. On the control thread. */
    public final void dismiss() {
        resources.control().assertCurrent();
        dismissed = true;
        dismissAll();
    }

    /** The failure of messages that are stopped with it, as the application gets it. */
    final Throwable toldStopped() {
        return settings.told(stopped());
    }

    /** Whether its drain is over: a message that still waits to be taken waits in vain. */
    final boolean isDismissed() {
        return dismissed;
    }

    /** Moves its lifecycle, and the lifecycles of the handles under it. On the control thread. */
    public final void live(Consumer<Lifecycle> move) {
        parts().forEach(part -> part.live(move));
        move.accept(lifecycle());
    }

    @Override
    public CompletableFuture<Void> stopAsync(Duration drain) {
        Checks.notNegative("drain", drain);
        return parent.stop(this, drain);
    }

    @Override
    public void stop(Duration drain) throws PulsarClientException {
        Threads.checkMayBlock("stop", "stopAsync");
        Threads.join(stopAsync(drain), "stop");
    }

    @Override
    public CompletableFuture<Void> closeAsync() {
        return stopAsync(DEFAULT_DRAIN);
    }

    @Override
    public void close() throws PulsarClientException {
        stop(DEFAULT_DRAIN);
    }

    @Override
    public void restart() {
        if (lifecycle().isOver()) {
            throw new IllegalStateException(name + " was stopped: start it anew");
        }
        resources.control().execute(() -> {
            if (lifecycle().isOver()) {
                return; // stopped meanwhile
            }
            if (lifecycle().phase() == Lifecycle.Phase.FAILED) {
                parent.revive(this);
            } else {
                restartChildren();
            }
        });
    }

    /** Marks it as failed, since its parent gave up on it. On the control thread. */
    public void gaveUp(Throwable cause) {
        parts().forEach(part -> part.gaveUp(cause));
        lifecycle().failed(cause);
    }

    /** Closes its interceptors and metrics. Called once all answers have been delivered, on a callback thread. */
    public final void closeContext() {
        context.close();
    }

    // ---- state

    /** Messages that were accepted through this handle and are not completed. */
    final long open() {
        return openSends.open();
    }

    @Override
    @SuppressWarnings("deprecation")
    public ProducerStats getStats() {
        List<LaneCounters> all = withParts().stream().map(Handle::counters).toList();
        return HandleStats.of(Duration.ofNanos(resources.control().nanoTime() - startedAt), all, openSends.open());
    }

    @Override
    public long getLastSequenceId() {
        return lanes().stream().mapToLong(Lane::lastAcknowledged).max().orElse(-1);
    }

    @Override
    public boolean isConnected() {
        if (settings.official() != null) {
            return switch (state()) {
                case STARTING, READY, DEGRADED, RESTARTING -> true;
                case DOWN, FAILED, STOPPING, STOPPED -> false;
            };
        }
        return lanes().stream().anyMatch(Lane::isConnected);
    }

    @Override
    public long getLastDisconnectedTimestamp() {
        return lanes().stream().mapToLong(Lane::lastDisconnected).max().orElse(0);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String getProducerName() {
        return settings.official() == null ? name : settings.official().producerName();
    }

    @Override
    public String toString() {
        return name + " on " + getTopic() + " (" + state() + ")";
    }
}
