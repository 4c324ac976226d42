package dev.vela.internal.group;

import dev.vela.Batching;
import dev.vela.GroupState;
import dev.vela.MessageRejectedException;
import dev.vela.NoProducersAvailableException;
import dev.vela.Outcome;
import dev.vela.SendFailedException;
import dev.vela.Snapshot;
import dev.vela.SupervisedMessageBuilder;
import dev.vela.SupervisedProducer;
import dev.vela.internal.lane.Completions;
import dev.vela.internal.lane.Lane;
import dev.vela.internal.lane.LaneCounters;
import dev.vela.internal.lane.Ledger;
import dev.vela.internal.lane.Reserve;
import dev.vela.internal.lane.Send;
import dev.vela.internal.pulsar.Draft;
import dev.vela.internal.pulsar.OutgoingMessage;
import dev.vela.internal.pulsar.Transactions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.ProducerStats;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.transaction.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * What every handle does alike: takes messages in, waits, stops. Where a message goes is for the kinds of handle to say.
 */
abstract class SupervisedHandle<T> implements SupervisedProducer<T> {
    static final Duration DEFAULT_DRAIN = Duration.ofSeconds(10);
    static final Duration SEND_TIMEOUT = Duration.ofSeconds(5);
    private static final long LONG_BESIDE_INTERVAL = 100;
    static final Duration ASYNC_TIMEOUT = Duration.ofSeconds(30);

    protected final Engine engine;
    protected final Settings<T> settings;
    protected final Ledger ledger = new Ledger();
    protected final Completions completions;
    private final Readiness readiness = new Readiness();
    private final Owner owner;
    private final boolean hasPlainSchema;
    private final long startedAt;

    /** Who stops a handle, and starts it again when its restarts ran out. */
    interface Owner {
        CompletableFuture<Void> stop(SupervisedHandle<?> handle, Duration drain);

        /** Called on the control thread. */
        void revive(SupervisedHandle<?> handle);
    }

    SupervisedHandle(Engine engine, Settings<T> settings, Owner owner) {
        this.engine = engine;
        this.settings = settings;
        this.owner = owner;
        this.completions = new Completions(engine.callbacks());
        this.hasPlainSchema = Draft.isPlain(settings.schema());
        this.startedAt = engine.control().nanoTime();
    }

    /** Its life, as its parent sees it. */
    abstract Life life();

    /** Lets the message in and takes it, opened in the ledger, if that needs no waiting; or does nothing. */
    abstract boolean tryTake(Send send);

    /** Lets the message in, or answers it with a failure. May block while a budget is full. */
    abstract void take(Send send) throws PulsarClientException, InterruptedException;

    /** The handle of the one topic or partition that a message of a transaction goes to. */
    abstract SupervisedHandle<T> transactionTarget(OutgoingMessage message);

    /** Adds the futures of all that was accepted and is not answered. */
    abstract void unanswered(List<CompletableFuture<MessageId>> into);

    /** Answers all that has no answer yet: nothing more will come. On the control thread. */
    abstract void dismiss();

    /** Why there is no use in waiting until it is ready, or null. */
    abstract @Nullable NoProducersAvailableException hopeless();

    /** Starts again what is down under it. On the control thread. */
    abstract void restartChildren();

    /** Looks after its producers. Each second, on the control thread. */
    abstract void tick();

    /** The handles under this one; none for a group. */
    abstract List<? extends SupervisedHandle<T>> parts();

    abstract LaneCounters counters();

    /** What is taken of the budgets for messages yet to come. */
    abstract Reserve reserve();

    abstract List<Lane> lanes();

    // ---- sending

    /** A draft under construction is complete: encodes it and takes it in. */
    CompletableFuture<MessageId> send(
            Draft<?> draft, @Nullable Transaction transaction, Duration timeout, boolean waitedFor) {
        OutgoingMessage message;
        try {
            message = draft.encode();
        } catch (RuntimeException e) {
            return notEncoded(e);
        }
        return send(message, transaction, timeout, waitedFor);
    }

    private static CompletableFuture<MessageId> notEncoded(RuntimeException cause) {
        return CompletableFuture.failedFuture(
                new MessageRejectedException("the message could not be encoded: " + cause.getMessage(), cause));
    }

    private CompletableFuture<MessageId> send(
            OutgoingMessage message, @Nullable Transaction transaction, Duration timeout, boolean waitedFor) {
        return transaction == null
                ? submit(newSend(message, timeout, waitedFor))
                : sendIn(transaction, message, timeout, waitedFor);
    }

    private Send newSend(OutgoingMessage message, Duration timeout, boolean waitedFor) {
        int affinity = settings.producers() == 1 ? 0 : affinity(message);
        return new Send(message, affinity, timeout, waitedFor, ledger);
    }

    private CompletableFuture<MessageId> sendIn(
            Transaction transaction, OutgoingMessage message, Duration timeout, boolean waitedFor) {
        SupervisedHandle<T> target = transactionTarget(message);
        Send send = target.newSend(message, timeout, waitedFor);
        send.acceptAt(engine.control().nanoTime());
        CompletableFuture<MessageId> sent = Transactions.registerTopic(transaction, target.getTopic())
                .handle((registered, failure) -> failure == null
                        ? target.submit(send)
                        : CompletableFuture.<MessageId>failedFuture(new SendFailedException(
                                "the transaction did not take the message: " + failure.getMessage(),
                                Outcome.NOT_SENT,
                                failure)))
                .thenCompose(answer -> answer);
        Transactions.registerSend(transaction, sent);
        return sent;
    }

    private CompletableFuture<MessageId> submit(Send send) {
        if (isTimedAlone(send)) {
            send.acceptAt(engine.control().nanoTime());
        }
        if (tryTake(send)) {
            return send;
        }
        ledger.opened(1);
        send.acceptAt(engine.control().nanoTime());
        try {
            if (ledger.isTaking()) {
                take(send);
            } else {
                refuse(send, stopped());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            refuse(send, new SendFailedException("interrupted while waiting for room", Outcome.NOT_SENT, e));
        } catch (PulsarClientException e) {
            refuse(send, e);
        }
        return send;
    }

    /**
     * Whether the clock must be read for this message, which costs more than all else: one that waits for others is
     * accepted when the first of them was, and the difference is small beside its timeout.
     */
    private boolean isTimedAlone(Send send) {
        Batching batching = settings.batching();
        return batching == null
                || send.timeout()
                        < LONG_BESIDE_INTERVAL * batching.flushInterval().toNanos();
    }

    /** Why a message must not wait for room, or null if it may. */
    final @Nullable String mustNotWait() {
        if (settings.failWhenFull()) {
            return "this producer is set to fail then";
        }
        return Threads.mayBlock()
                ? null
                : "this thread must not block: " + Thread.currentThread().getName();
    }

    /** Answers a message that holds nothing yet. */
    final void refuse(Send send, Throwable cause) {
        completions.fail(send, cause, counters());
    }

    final NoProducersAvailableException stopped() {
        return new NoProducersAvailableException(
                settings.name() + " takes no messages",
                List.of(new PulsarClientException.AlreadyClosedException(settings.name() + " was stopped")));
    }

    /** What keeps to one producer of a group: what has a key by that, the rest by its thread. */
    private static int affinity(OutgoingMessage message) {
        return message.hasAffinity()
                ? message.affinity()
                : Long.hashCode(Thread.currentThread().getId());
    }

    /** Waits for the answer to a message. */
    static MessageId await(CompletableFuture<MessageId> answer) throws PulsarClientException {
        try {
            return answer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SendFailedException(
                    "interrupted while waiting for the receipt; the message goes on", Outcome.UNKNOWN, e);
        } catch (ExecutionException e) {
            throw PulsarClientException.class.isInstance(e.getCause())
                    ? (PulsarClientException) e.getCause()
                    : new SendFailedException(String.valueOf(e.getCause()), Outcome.UNKNOWN, e.getCause());
        }
    }

    @Override
    public MessageId send(T value) throws PulsarClientException {
        return newMessage().value(value).send();
    }

    @Override
    public CompletableFuture<MessageId> sendAsync(T value) {
        if (!hasPlainSchema) {
            return newMessage().value(value).sendAsync();
        }
        OutgoingMessage message;
        try {
            message = Draft.of(settings.schema(), value);
        } catch (RuntimeException e) {
            return notEncoded(e);
        }
        return send(message, null, ASYNC_TIMEOUT, false);
    }

    @Override
    public SupervisedMessageBuilder<T> newMessage() {
        return new DefaultMessageBuilder<>(this, settings.schema(), null, hasPlainSchema);
    }

    @Override
    public <V> SupervisedMessageBuilder<V> newMessage(Schema<V> schema) {
        return new DefaultMessageBuilder<>(this, schema, null, Draft.isPlain(Objects.requireNonNull(schema, "schema")));
    }

    @Override
    public SupervisedMessageBuilder<T> newMessage(Transaction txn) {
        return newMessage(settings.schema(), txn);
    }

    @Override
    public <V> SupervisedMessageBuilder<V> newMessage(Schema<V> schema, Transaction txn) {
        Transactions.check(Objects.requireNonNull(txn, "txn"));
        return new DefaultMessageBuilder<>(this, schema, txn, Draft.isPlain(Objects.requireNonNull(schema, "schema")));
    }

    // ---- waiting

    @Override
    public CompletableFuture<Void> flushAsync() {
        lanes().forEach(Lane::flush);
        List<CompletableFuture<MessageId>> open = new ArrayList<>();
        unanswered(open);
        return CompletableFuture.allOf(open.toArray(CompletableFuture<?>[]::new))
                .thenCompose(answered -> delivered());
    }

    /** Completes when all answers that are known now have been delivered. */
    private CompletableFuture<Void> delivered() {
        CompletableFuture<Void> delivered = completions.barrier();
        for (SupervisedHandle<T> part : parts()) {
            delivered = CompletableFuture.allOf(delivered, part.delivered());
        }
        return delivered;
    }

    @Override
    public void flush() throws PulsarClientException {
        Threads.checkMayBlock("flush", "flushAsync");
        join(flushAsync(), "flush");
    }

    @Override
    public void awaitReady(Duration timeout) throws PulsarClientException {
        Checks.positive("timeout", timeout);
        Threads.checkMayBlock("awaitReady", "a listener");
        CompletableFuture<Void> ready = new CompletableFuture<>();
        engine.control().execute(() -> {
            readiness.add(ready);
            tellReadiness();
        });
        try {
            ready.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            ready.cancel(false);
            throw new NoProducersAvailableException(settings.name() + " is " + state() + " after " + timeout, causes());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw PulsarClientException.unwrap(e);
        } catch (ExecutionException e) {
            throw PulsarClientException.unwrap(e.getCause());
        }
    }

    /** The last cause of each producer that is not ready. */
    abstract List<Throwable> causes();

    /** Tells those who wait if the wait is over. On the control thread. */
    final void tellReadiness() {
        if (!readiness.isAwaited()) {
            return;
        }
        if (state() == GroupState.READY) {
            readiness.tell(null);
            return;
        }
        NoProducersAvailableException hopeless = hopeless();
        if (hopeless != null) {
            readiness.tell(() -> hopeless);
        }
    }

    static <V> V join(CompletableFuture<V> future, String what) throws PulsarClientException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PulsarClientException(new InterruptedException("interrupted in " + what + "; it goes on"));
        } catch (ExecutionException e) {
            throw PulsarClientException.unwrap(e.getCause());
        }
    }

    // ---- stopping

    /** Takes no new messages from now on. */
    final void endIntake() {
        ledger.endIntake();
        parts().forEach(SupervisedHandle::endIntake);
        lanes().forEach(Lane::flush);
    }

    /** Completes when all that was accepted is answered. Only once intake has ended. */
    final CompletableFuture<Void> whenSettled() {
        CompletableFuture<Void> settled = ledger.whenSettled();
        for (SupervisedHandle<T> part : parts()) {
            settled = CompletableFuture.allOf(settled, part.whenSettled());
        }
        return settled;
    }

    /** Moves its life, and those under it. On the control thread. */
    final void live(Consumer<Life> move) {
        parts().forEach(part -> part.live(move));
        move.accept(life());
    }

    @Override
    public CompletableFuture<Void> stopAsync(Duration drain) {
        Checks.notNegative("drain", drain);
        return owner.stop(this, drain);
    }

    @Override
    public void stop(Duration drain) throws PulsarClientException {
        Threads.checkMayBlock("stop", "stopAsync");
        join(stopAsync(drain), "stop");
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
        if (life().isOver()) {
            throw new IllegalStateException(settings.name() + " was stopped: start it anew");
        }
        engine.control().execute(() -> {
            if (life().phase() == Life.Phase.FAILED) {
                owner.revive(this);
            } else {
                restartChildren();
            }
        });
    }

    /** Those above gave up on it. On the control thread. */
    void gaveUp(Throwable cause) {
        parts().forEach(part -> part.gaveUp(cause));
        life().failed(cause);
    }

    // ---- looking

    @Override
    @SuppressWarnings("deprecation")
    public ProducerStats getStats() {
        List<LaneCounters> all = new ArrayList<>(List.of(counters()));
        parts().forEach(part -> all.add(part.counters()));
        return HandleStats.of(Duration.ofNanos(engine.control().nanoTime() - startedAt), all, ledger.open());
    }

    @Override
    public long getLastSequenceId() {
        return lanes().stream().mapToLong(Lane::lastAcknowledged).max().orElse(-1);
    }

    @Override
    public boolean isConnected() {
        return lanes().stream().anyMatch(Lane::isConnected);
    }

    @Override
    public long getLastDisconnectedTimestamp() {
        return lanes().stream().mapToLong(Lane::lastDisconnected).max().orElse(0);
    }

    @Override
    public String name() {
        return settings.name();
    }

    @Override
    public String getProducerName() {
        return settings.name();
    }

    @Override
    public String toString() {
        return settings.name() + " on " + getTopic() + " (" + state() + ")";
    }

    /** The producers of these groups that are alive. */
    static List<Snapshot.Producer> alive(List<Snapshot.Group> groups) {
        return groups.stream()
                .flatMap(group -> group.producers().stream())
                .filter(producer -> producer.state().isAlive())
                .toList();
    }
}
