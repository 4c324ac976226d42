package dev.vela.test;

import dev.vela.BudgetExceededException;
import dev.vela.HandleState;
import dev.vela.NoProducersAvailableException;
import dev.vela.Outcome;
import dev.vela.ProducerDiedException;
import dev.vela.ProducerWaitingException;
import dev.vela.SendCallback;
import dev.vela.SendFailure;
import dev.vela.SendTimeoutException;
import dev.vela.Snapshot;
import dev.vela.SupervisedMessageBuilder;
import dev.vela.SupervisedProducer;
import dev.vela.internal.checks.Checks;
import dev.vela.internal.lane.CallbackSend;
import dev.vela.internal.pulsar.Draft;
import dev.vela.internal.pulsar.EncodedMessage;
import dev.vela.internal.pulsar.Transactions;
import dev.vela.internal.runtime.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.ProducerStats;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.transaction.Transaction;
import org.apache.pulsar.client.impl.transaction.TransactionImpl;
import org.jspecify.annotations.Nullable;

/**
 * A {@link SupervisedProducer} without a broker, for tests of code that sends.
 *
 * <p>It is {@linkplain HandleState#READY ready} and answers each message at once, as stored. A test changes this: it
 * answers by hand, fails messages with the outcome of its choice, or puts the producer into another state. A message is
 * encoded and refused as by a real producer, with the same exceptions.
 *
 * <p>Answers are scripted: {@link #answerNext}, {@link #answerNextAsDuplicate} and {@link #failNext} answer the oldest
 * message that has no answer; if there is none, the next message that is sent. So they work for a blocking
 * {@code send}, too, if they are called before.
 *
 * <pre>{@code
 * MockSupervisedProducer<String> producer = MockSupervisedProducer.of("orders", Schema.STRING);
 * producer.failNext(Outcome.UNKNOWN);
 * new OrderService(producer).place(order);
 * assertThat(producer.sent()).hasSize(1); // not sent again, since it may be stored
 * }</pre>
 *
 * <p>What differs from a real producer: it has no threads, so futures are completed and callbacks run within the call
 * that gives the answer, which may be {@code sendAsync} itself. As on Vela's threads, a callback must not block. No time
 * passes: messages without an answer wait for the test, and only a call that blocks its thread ends with its timeout. A
 * message that finds no room fails at once, as a real one does after its timeout. Any {@link Transaction} is accepted.
 * Interceptors, routers and limits of bytes are not heeded.
 *
 * <p>Thread-safe.
 *
 * @param <T> the type of its messages
 */
public class MockSupervisedProducer<T> implements SupervisedProducer<T> {
    private static final Duration DRAIN = Duration.ofSeconds(10);

    private final MockSettings<T> settings;
    private final Deliveries deliveries = new Deliveries();
    private final CompletableFuture<@Nullable Void> stopped = new CompletableFuture<>(); // never handed out
    private final long startedAt = System.nanoTime();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final MockCore core; // guarded by lock
    private final Set<MockSend> open = ConcurrentHashMap.newKeySet(); // accepted, and not answered in full

    /** Creates a producer of this topic, with the settings of a real one by default. Its name is the topic. */
    public static <T> MockSupervisedProducer<T> of(String topic, Schema<T> schema) {
        MockVela vela = new MockVela();
        try {
            vela.newProducer(schema).topic(topic).start();
        } catch (PulsarClientException e) {
            throw new IllegalStateException(e);
        }
        return vela.producer(topic, schema);
    }

    MockSupervisedProducer(MockSettings<T> settings, Runnable whenStopped) {
        this.settings = settings;
        this.core = new MockCore(settings, deliveries, () -> {
            whenStopped.run();
            stopped.complete(null);
        });
    }

    /** Changes the state under the lock; then gives the answers that are due, without the lock. */
    private void change(Consumer<MockCore> change) {
        lock.lock();
        try {
            change.accept(core);
            core.settle();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        deliveries.deliver();
    }

    private <V> V read(Function<MockCore, V> read) {
        lock.lock();
        try {
            return read.apply(core);
        } finally {
            lock.unlock();
        }
    }

    // ---- what a test sees

    /**
     * The messages that were accepted, in the order of their sends, whatever became of them. Those that were refused are
     * not among them.
     */
    public List<SentMessage> sent() {
        return read(MockCore::sent);
    }

    /** The accepted messages that have no answer yet. */
    public List<SentMessage> pending() {
        List<SentMessage> messages = new ArrayList<>();
        read(MockCore::pending).forEach(send -> messages.add(send.message));
        return messages;
    }

    /** How often {@link #restart()} was called. */
    public int restarts() {
        return read(MockCore::restarts);
    }

    /** Forgets what was {@linkplain #sent sent}, and the answers scripted ahead. Pending messages stay. */
    public void clear() {
        change(MockCore::clear);
    }

    // ---- what a test decides

    /** Whether a message without a scripted answer is answered at once, as stored. Default yes. */
    public void answerAutomatically(boolean enabled) {
        change(it -> it.answerAutomatically(enabled));
    }

    /** Answers the next message: it is stored. */
    public void answerNext() {
        change(it -> it.script(MockAnswer.STORED));
    }

    /** Answers the next message: the broker had it already ({@link SupervisedProducer#isDuplicate}). */
    public void answerNextAsDuplicate() {
        change(it -> it.script(MockAnswer.DUPLICATE));
    }

    /**
     * Fails the next message.
     *
     * @param outcome {@link Outcome#NOT_SENT}: with {@link NoProducersAvailableException}, as if no producer had come in
     *     time. {@link Outcome#UNKNOWN}: with {@link SendTimeoutException}, as if no receipt had come in time; if no
     *     producer has taken the message yet, once one has
     */
    public void failNext(Outcome outcome) {
        MockAnswer answer = MockAnswer.of(Objects.requireNonNull(outcome, "outcome"));
        change(it -> it.script(answer));
    }

    /**
     * Fails the next message with this exception.
     *
     * @param failure a {@link PulsarClientException} that implements {@link SendFailure}, as every failure of a real
     *     producer does
     */
    public void failNext(Throwable failure) {
        Objects.requireNonNull(failure, "failure");
        Checks.check(
                failure instanceof PulsarClientException && failure instanceof SendFailure,
                "failure",
                "be a PulsarClientException and a SendFailure, as any failure of a real producer",
                failure);
        change(it -> it.script(MockAnswer.of(failure)));
    }

    /**
     * Whether there is no room for further messages. They fail with {@link BudgetExceededException}: at once, whether
     * or not a real producer would wait for room first. There is none, either, while as many messages are pending as
     * the builder allowed.
     */
    public void full(boolean isFull) {
        change(it -> it.full(isFull));
    }

    /** Puts the producer into this state, with no cause: see {@link #state(HandleState, Throwable)}. */
    public void state(HandleState next) {
        enter(next, null, false);
    }

    /**
     * Puts the producer into this state.
     *
     * <ul>
     *   <li>{@link HandleState#READY}, {@link HandleState#DEGRADED}: takes messages, those that wait included.
     *   <li>{@link HandleState#STARTING}, {@link HandleState#RESTARTING}: messages wait; with {@code failFast} they fail
     *       with {@link NoProducersAvailableException}. Messages that were taken before can still be answered.
     *   <li>{@link HandleState#DOWN}, {@link HandleState#FAILED}: messages fail with
     *       {@link NoProducersAvailableException}, those that wait included. Messages that were taken fail with
     *       {@link ProducerDiedException}: they may be stored.
     *   <li>{@link HandleState#STOPPING}, {@link HandleState#STOPPED}: as {@link #stopAsync} does, with a drain and
     *       without.
     * </ul>
     *
     * @param cause why; in the causes of what fails
     * @throws IllegalStateException if the producer was stopped
     */
    public void state(HandleState next, Throwable cause) {
        enter(next, Objects.requireNonNull(cause, "cause"), false);
    }

    /** Another producer takes over the topic: {@link HandleState#DOWN}, until the test decides otherwise. */
    public void fence() {
        state(HandleState.DOWN, new PulsarClientException.ProducerFencedException("Producer was fenced"));
    }

    /** The topic is terminated: {@link HandleState#DOWN}. */
    public void terminate() {
        state(HandleState.DOWN, new PulsarClientException.TopicTerminatedException("Topic was already terminated"));
    }

    /**
     * All producers wait for exclusive access: {@link HandleState#STARTING}, and messages fail with
     * {@link ProducerWaitingException}.
     */
    public void standBy() {
        enter(HandleState.STARTING, null, true);
    }

    private void enter(HandleState next, @Nullable Throwable cause, boolean standby) {
        switch (Objects.requireNonNull(next, "next")) {
            case STOPPING -> stopAsync(DRAIN);
            case STOPPED -> stopAsync(Duration.ZERO);
            default -> change(it -> it.enter(next, cause, standby));
        }
    }

    // ---- accepting

    MockSettings<T> settings() {
        return settings;
    }

    /** Whether this thread may block: a callback may not. */
    static boolean mayBlock() {
        return !Deliveries.isInCallback() && Threads.mayBlock();
    }

    /** Throws on a thread that must not block. */
    static void checkMayBlock(String method, String instead) {
        if (!mayBlock()) {
            throw new IllegalStateException(method + " would block "
                    + Thread.currentThread().getName() + ", on which Vela or the Pulsar client does its work: use "
                    + instead);
        }
    }

    /** The partition of the message's key, if it has one and there are several. */
    OptionalInt partitionOf(EncodedMessage message) {
        return settings.partitions() > 0 && message.hasKey()
                ? OptionalInt.of(message.partition(settings.keyHash(), settings.partitions()))
                : OptionalInt.empty();
    }

    /** The answer to a message that cannot be sent. */
    CompletableFuture<MessageId> refuse(PulsarClientException refusal, @Nullable Transaction transaction) {
        change(MockCore::refused);
        CompletableFuture<MessageId> answer = CompletableFuture.failedFuture(refusal);
        register(transaction, answer);
        return answer;
    }

    /** Makes a commit of the official client wait for the answer. */
    private static void register(@Nullable Transaction transaction, CompletableFuture<MessageId> answer) {
        if (transaction instanceof TransactionImpl) {
            Transactions.registerSend(transaction, answer);
        }
    }

    /** Accepts a message, or fails it. After a stop it fails within the call, so that a callback cannot go on for ever. */
    MockSend accept(EncodedMessage encoded, SentMessage message, @Nullable SendCallback callback) {
        int partition = message.partition().orElse(settings.partitions() > 0 ? 0 : -1);
        MockSend send = new MockSend(message, encoded.sizeInBytes(), partition, callback);
        register(message.transaction().orElse(null), send);
        boolean mayBlock = mayBlock();
        AtomicReference<@Nullable PulsarClientException> stop = new AtomicReference<>();
        change(it -> {
            if (it.isOver()) {
                it.refused();
                stop.set(it.stopped());
            } else {
                open.add(send);
                send.done.whenComplete((done, failure) -> open.remove(send));
                it.accept(send, mayBlock);
            }
        });
        PulsarClientException refusal = stop.get();
        if (refusal != null) {
            if (callback != null) {
                CallbackSend.refuse(callback, refusal);
            }
            send.completeExceptionally(refusal);
        }
        return send;
    }

    /** Waits for an answer, and fails the message if none comes within its timeout. */
    MessageId await(MockSend send) throws PulsarClientException {
        try {
            return send.get(send.message.timeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            change(it -> it.expire(send));
            return MockSend.await(send);
        } catch (InterruptedException e) {
            throw MockSend.interrupted(e);
        } catch (ExecutionException e) {
            throw MockSend.told(e);
        }
    }

    // ---- sending

    @Override
    public MessageId send(T value) throws PulsarClientException {
        return newMessage().value(value).send();
    }

    @Override
    public CompletableFuture<MessageId> sendAsync(T value) {
        return newMessage().value(value).sendAsync();
    }

    @Override
    public void sendAsync(T value, SendCallback callback) {
        Objects.requireNonNull(callback, "callback");
        newMessage().value(value).sendAsync(callback);
    }

    @Override
    public SupervisedMessageBuilder<T> newMessage() {
        return message(settings.schema(), null);
    }

    @Override
    public <V> SupervisedMessageBuilder<V> newMessage(Schema<V> schema) {
        return message(Objects.requireNonNull(schema, "schema"), null);
    }

    @Override
    public SupervisedMessageBuilder<T> newMessage(Transaction txn) {
        return newMessage(settings.schema(), txn);
    }

    @Override
    public <V> SupervisedMessageBuilder<V> newMessage(Schema<V> schema, Transaction txn) {
        Objects.requireNonNull(schema, "schema");
        return message(schema, Objects.requireNonNull(txn, "txn"));
    }

    private <V> SupervisedMessageBuilder<V> message(Schema<V> schema, @Nullable Transaction transaction) {
        Schema<V> encoding = settings.encoding(schema);
        Transaction official = transaction instanceof TransactionImpl ? transaction : null;
        Draft<V> draft = new Draft<>(encoding, official, Draft.isPlain(encoding));
        return new MockMessageBuilder<>(this, schema, Blueprint.message(encoding), draft, transaction);
    }

    @Override
    public CompletableFuture<Void> flushAsync() {
        return MockFlush.of(open.stream().map(send -> send.done).toList());
    }

    @Override
    public void flush() throws PulsarClientException {
        checkMayBlock("flush", "flushAsync");
        Threads.join(flushAsync(), "flush");
    }

    // ---- waiting

    @Override
    public void awaitReady(Duration timeout) throws PulsarClientException {
        await("awaitReady", timeout, it -> it.state() == HandleState.READY);
    }

    @Override
    public void awaitUsable(Duration timeout) throws PulsarClientException {
        await("awaitUsable", timeout, MockCore::isUsable);
    }

    private void await(String what, Duration timeout, Predicate<MockCore> isReached) throws PulsarClientException {
        Checks.positive("timeout", timeout);
        checkMayBlock(what, "a listener");
        lock.lock();
        try {
            long left = timeout.toNanos();
            while (!isReached.test(core)) {
                NoProducersAvailableException hopeless = core.hopeless();
                if (hopeless != null) {
                    throw hopeless;
                }
                if (left <= 0) {
                    throw core.notReached(timeout);
                }
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw PulsarClientException.unwrap(e);
        } finally {
            lock.unlock();
        }
    }

    // ---- restarting and stopping

    /** Counts the call; a producer that is down or failed is {@link HandleState#RESTARTING} then. */
    @Override
    public void restart() {
        change(MockCore::restart);
    }

    /**
     * Accepts no new messages, and completes when the test has answered all others; at once with a drain of zero, which
     * fails them. No other drain ends by itself.
     */
    @Override
    public CompletableFuture<Void> stopAsync(Duration drain) {
        Checks.notNegative("drain", drain);
        change(it -> it.stop(drain.isZero()));
        return stopped.copy();
    }

    @Override
    public void stop(Duration drain) throws PulsarClientException {
        Checks.notNegative("drain", drain);
        checkMayBlock("stop", "stopAsync");
        joinWithin(drain, this::stopAsync, "stop");
    }

    /** Stops something, and waits for it. What is open after the drain fails. */
    static void joinWithin(Duration drain, Function<Duration, CompletableFuture<Void>> stop, String what)
            throws PulsarClientException {
        try {
            stop.apply(drain).get(drain.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            Threads.join(stop.apply(Duration.ZERO), what);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PulsarClientException(new InterruptedException("interrupted in " + what + "; it goes on"));
        } catch (ExecutionException e) {
            throw PulsarClientException.unwrap(e.getCause());
        }
    }

    @Override
    public void close() throws PulsarClientException {
        stop(DRAIN);
    }

    @Override
    public CompletableFuture<Void> closeAsync() {
        return stopAsync(DRAIN);
    }

    // ---- state

    @Override
    public String name() {
        return settings.name();
    }

    @Override
    public String getTopic() {
        return settings.topic();
    }

    @Override
    public String getProducerName() {
        return settings.name();
    }

    @Override
    public HandleState state() {
        return read(MockCore::state);
    }

    @Override
    public boolean isConnected() {
        return read(MockCore::isUsable);
    }

    /** Zero: a mock loses no connection. */
    @Override
    public long getLastDisconnectedTimestamp() {
        return 0;
    }

    @Override
    public int getNumOfPartitions() {
        return settings.partitions();
    }

    @Override
    public long getLastSequenceId() {
        return read(MockCore::lastSequenceId);
    }

    @Override
    @SuppressWarnings("deprecation") // the client's interface is deprecated, and Producer still has it
    public ProducerStats getStats() {
        double seconds = (System.nanoTime() - startedAt) / 1e9;
        return read(it -> it.stats(seconds));
    }

    @Override
    public Snapshot.Topic snapshot() {
        return read(MockCore::snapshot);
    }

    @Override
    public List<Snapshot.Producer> producers() {
        return snapshot().groups().stream()
                .flatMap(group -> group.producers().stream())
                .filter(producer -> producer.state().isAlive())
                .toList();
    }

    @Override
    public String toString() {
        return settings.name() + " on " + settings.topic() + " (" + state() + ")";
    }
}
