package dev.vela.internal.handle;

import dev.vela.Batching;
import dev.vela.MessageRejectedException;
import dev.vela.NoProducersAvailableException;
import dev.vela.Outcome;
import dev.vela.SendCallback;
import dev.vela.SendFailedException;
import dev.vela.SupervisedMessageBuilder;
import dev.vela.internal.lane.CallbackSend;
import dev.vela.internal.lane.Completions;
import dev.vela.internal.lane.ObservedSend;
import dev.vela.internal.lane.OpenSends;
import dev.vela.internal.lane.Send;
import dev.vela.internal.lane.TransactionSend;
import dev.vela.internal.pulsar.Draft;
import dev.vela.internal.pulsar.EncodedMessage;
import dev.vela.internal.pulsar.Interceptors;
import dev.vela.internal.pulsar.Transactions;
import dev.vela.internal.runtime.Hooks;
import dev.vela.internal.runtime.ProducerSettings;
import dev.vela.internal.runtime.Threads;
import dev.vela.internal.scheduling.Scheduler;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.transaction.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * Takes messages in for a handle, and answers those that it may not take.
 *
 * <p>Thread-safe. May block while a budget is full, but never on a thread that must not.
 */
final class Intake<T> {
    static final Duration SEND_TIMEOUT = Duration.ofSeconds(5);
    static final Duration ASYNC_TIMEOUT = Duration.ofSeconds(30);
    private static final long LONG_BESIDE_INTERVAL = 100;
    private static final Duration SHORTEST = Duration.ofNanos(1);

    private final Handle<T> handle;
    private final ProducerSettings<T> settings;
    private final Scheduler clock;
    private final OpenSends ledger;
    private final Completions completions;
    private final boolean hasPlainSchema;
    private final Taking taking;
    private final boolean isDirect; // messages are shown to nobody, and can be encoded at any time

    /*
     * The clock is read for a message with a timeout below this, which costs more than all else. One with a longer timeout
     * that shares an entry is accepted when the first of it was: the difference is small beside its timeout.
     */
    private final long timedAloneBelow;

    Intake(Handle<T> handle, ProducerSettings<T> settings, Scheduler clock, OpenSends ledger, Completions completions) {
        this.handle = handle;
        this.settings = settings;
        this.clock = clock;
        this.ledger = ledger;
        this.completions = completions;
        this.taking = handle::take;
        this.hasPlainSchema = Draft.isPlain(settings.hooks().schema());
        this.isDirect = hasPlainSchema && settings.hooks().areNone();
        Batching batching = settings.batching();
        this.timedAloneBelow = batching == null
                ? Long.MAX_VALUE
                : LONG_BESIDE_INTERVAL * batching.flushInterval().toNanos();
    }

    <V> SupervisedMessageBuilder<V> newMessage(Schema<V> schema, @Nullable Transaction transaction) {
        Schema<V> shared = settings.hooks().shared(schema);
        boolean isPlain = schema == settings.schema() ? hasPlainSchema : Draft.isPlain(shared);
        return new MessageBuilder<>(this, shared, transaction, isPlain);
    }

    /** Sends a message of a value and nothing else. */
    CompletableFuture<MessageId> send(T value) {
        if (!isDirect) {
            return send(draft(value), null, ASYNC_TIMEOUT, false);
        }
        EncodedMessage message;
        try {
            message = Draft.of(settings.hooks().schema(), value);
        } catch (Throwable e) {
            return CompletableFuture.failedFuture(notEncoded(e));
        }
        return submit(newSend(message, ASYNC_TIMEOUT, false));
    }

    /** The same, with a callback in place of a future. */
    void send(T value, SendCallback callback) {
        if (!isDirect) {
            send(draft(value), null, ASYNC_TIMEOUT, callback);
            return;
        }
        EncodedMessage message;
        try {
            message = Draft.of(settings.hooks().schema(), value);
        } catch (Throwable e) {
            CallbackSend.refuse(callback, notEncoded(e));
            return;
        }
        submit(new CallbackSend(message, affinity(message), ASYNC_TIMEOUT, ledger, callback));
    }

    private Draft<T> draft(T value) {
        Draft<T> draft = new Draft<>(settings.hooks().schema(), null, hasPlainSchema);
        draft.value(value);
        return draft;
    }

    /** A draft under construction is complete: encodes it and takes it in. */
    CompletableFuture<MessageId> send(
            Draft<?> draft, @Nullable Transaction transaction, Duration timeout, boolean waitedFor) {
        EncodedMessage message;
        Duration left;
        try {
            left = isDirect ? timeout : awaitHooks(timeout);
            message = encode(draft);
        } catch (PulsarClientException e) {
            return notTaken(transaction, e);
        }
        return transaction == null
                ? submit(newSend(message, left, waitedFor))
                : submit(transaction, message, left, waitedFor, null);
    }

    /** The same, with a callback in place of a future. */
    void send(Draft<?> draft, @Nullable Transaction transaction, Duration timeout, SendCallback callback) {
        EncodedMessage message;
        Duration left;
        try {
            left = isDirect ? timeout : awaitHooks(timeout);
            message = encode(draft);
        } catch (PulsarClientException e) {
            notTaken(transaction, e);
            CallbackSend.refuse(callback, e);
            return;
        }
        if (transaction == null) {
            SendCallback observer = Objects.requireNonNull(observer(message, callback));
            submit(new CallbackSend(message, affinity(message), left, ledger, observer));
        } else {
            submit(transaction, message, left, false, callback);
        }
    }

    /** The answer to a message that there is nothing to send of. A commit, which would be one of a part, fails. */
    private static CompletableFuture<MessageId> notTaken(
            @Nullable Transaction transaction, PulsarClientException cause) {
        CompletableFuture<MessageId> answer = CompletableFuture.failedFuture(cause);
        if (transaction != null) {
            Transactions.registerSend(transaction, answer);
        }
        return answer;
    }

    /**
     * Waits for what can be known only with the first producer, like messages that wait for one, except on a thread that must
     * not block. Returns what is left of the timeout.
     */
    private Duration awaitHooks(Duration timeout) throws PulsarClientException {
        if (!ledger.isTaking()) {
            throw handle.stopped(); // what is closed with the handle is not asked any more
        }
        Hooks<T> hooks = settings.hooks();
        if (hooks.isKnown()) {
            return timeout;
        }
        long begun = clock.nanoTime();
        NoProducersAvailableException hopeless = handle.hopeless();
        if (hopeless != null) {
            throw hopeless;
        }
        if (!settings.failFast() && Threads.mayBlock()) {
            try {
                hooks.await(timeout);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new SendFailedException("interrupted while waiting for a producer", Outcome.NOT_SENT, e);
            }
        }
        if (!ledger.isTaking()) {
            throw handle.stopped();
        }
        if (!hooks.isKnown()) {
            throw new NoProducersAvailableException(
                    settings.name() + " had no producer yet, and its messages cannot be encoded before that",
                    handle.causes());
        }
        Duration left = timeout.minusNanos(clock.nanoTime() - begun);
        return left.compareTo(SHORTEST) < 0 ? SHORTEST : left;
    }

    /** Encodes a message and shows it to the interceptors, if there are any. */
    private EncodedMessage encode(Draft<?> draft) throws MessageRejectedException {
        EncodedMessage message;
        try {
            message = draft.encode();
        } catch (Throwable e) {
            throw notEncoded(e);
        }
        if (isDirect || settings.hooks().interceptors().isEmpty()) {
            return message;
        }
        return settings.hooks()
                .interceptors()
                .beforeSend(handle, settings.hooks().topic(), message);
    }

    /** A callback that also tells the interceptors, before the one given: itself, or null, if there are none. */
    private @Nullable SendCallback observer(EncodedMessage message, @Nullable SendCallback callback) {
        if (isDirect || !Interceptors.haveSeen(message)) {
            return callback;
        }
        Interceptors interceptors = settings.hooks().interceptors();
        return (receipt, failure) -> {
            interceptors.answered(message, receipt, failure);
            if (callback != null) {
                callback.answered(receipt, failure);
            }
        };
    }

    private static MessageRejectedException notEncoded(Throwable cause) {
        return new MessageRejectedException("the message could not be encoded: " + cause.getMessage(), cause);
    }

    private Send newSend(EncodedMessage message, Duration timeout, boolean waitedFor) {
        SendCallback observer = observer(message, null);
        return observer == null
                ? new Send(message, affinity(message), timeout, waitedFor, ledger)
                : new ObservedSend(message, affinity(message), timeout, waitedFor, ledger, completions, observer);
    }

    /** What keeps to one producer of a group: what has a key by that, the rest by its thread. */
    private int affinity(EncodedMessage message) {
        if (settings.producers() == 1) {
            return 0;
        }
        return message.hasAffinity()
                ? message.affinity()
                : Long.hashCode(Thread.currentThread().getId());
    }

    private CompletableFuture<MessageId> submit(
            Transaction transaction,
            EncodedMessage message,
            Duration timeout,
            boolean waitedFor,
            @Nullable SendCallback callback) {
        GroupHandle<T> target = handle.transactionTarget(message);
        return target.intake().submit(transaction, message, timeout, waitedFor, callback, target);
    }

    /** Takes in a message of a transaction. A commit waits for it from now on, and fails if it does. */
    private Send submit(
            Transaction transaction,
            EncodedMessage message,
            Duration timeout,
            boolean waitedFor,
            @Nullable SendCallback callback,
            GroupHandle<T> group) {
        SendCallback observer = observer(message, callback);
        TransactionSend send =
                new TransactionSend(message, affinity(message), timeout, waitedFor, ledger, completions, observer);
        send.acceptAt(clock.nanoTime());
        if (!ledger.isTaking()) {
            send.refuse(handle.stopped(), handle.counters()); // here, as any message, see below
            Transactions.registerSend(transaction, send.forTransaction());
            return send;
        }
        Transactions.registerSend(transaction, send.forTransaction());
        ledger.opened(1);
        enter(send, opened -> group.takeIn(transaction, opened));
        return send;
    }

    private CompletableFuture<MessageId> submit(Send send) {
        boolean timedAlone = send.timeout() < timedAloneBelow;
        if (timedAlone) {
            send.acceptAt(clock.nanoTime());
        }
        if (handle.tryTake(send)) {
            return send;
        }
        if (!ledger.isTaking()) {
            send.refuse(handle.stopped(), handle.counters()); // here, or a callback that sends it again would never end
            return send;
        }
        ledger.opened(1);
        if (!timedAlone) {
            send.acceptAt(clock.nanoTime());
        }
        enter(send, taking);
        return send;
    }

    /** Admits a message and hands it on, or has it wait. */
    @FunctionalInterface
    private interface Taking {
        void take(Send send) throws PulsarClientException, InterruptedException;
    }

    /** Has a message taken that was opened in the ledger, or answers it. */
    private void enter(Send send, Taking taking) {
        try {
            if (ledger.isTaking()) {
                taking.take(send);
            } else {
                refuse(send, handle.stopped());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            refuse(send, new SendFailedException("interrupted while waiting for room", Outcome.NOT_SENT, e));
        } catch (PulsarClientException e) {
            refuse(send, handle.isDismissed() ? handle.stopped() : e);
        }
    }

    /** Why a message must not wait for room, or not any longer; null if it may. */
    @Nullable
    String mustNotWait() {
        if (handle.isDismissed()) {
            return "this producer was stopped";
        }
        if (settings.failWhenFull()) {
            return "this producer is set to fail then";
        }
        return Threads.mayBlock()
                ? null
                : "this thread must not block: " + Thread.currentThread().getName();
    }

    /** Answers a message that holds nothing. */
    void refuse(Send send, Throwable cause) {
        completions.fail(send, cause, handle.counters());
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
}
