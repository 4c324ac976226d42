package dev.vela.internal.handle;

import dev.vela.Batching;
import dev.vela.BudgetExceededException;
import dev.vela.MessageRejectedException;
import dev.vela.Outcome;
import dev.vela.SendCallback;
import dev.vela.SendFailedException;
import dev.vela.SupervisedMessageBuilder;
import dev.vela.internal.lane.CallbackSend;
import dev.vela.internal.lane.Completions;
import dev.vela.internal.lane.Observation;
import dev.vela.internal.lane.ObservedSend;
import dev.vela.internal.lane.OfferResult;
import dev.vela.internal.lane.OpenSends;
import dev.vela.internal.lane.Send;
import dev.vela.internal.lane.TransactionSend;
import dev.vela.internal.pulsar.Draft;
import dev.vela.internal.pulsar.EncodedMessage;
import dev.vela.internal.pulsar.Transactions;
import dev.vela.internal.runtime.ProducerSettings;
import dev.vela.internal.runtime.RuntimeResources;
import dev.vela.internal.runtime.Threads;
import dev.vela.internal.scheduling.Scheduler;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.transaction.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * Accepts messages for a handle, and answers the messages that it must not accept.
 *
 * <p>Thread-safe. May block while a budget is full, but never on a thread that must not block.
 */
final class Intake<T> {
    private static final Duration SEND_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration ASYNC_TIMEOUT = Duration.ofSeconds(30);
    private static final long LONG_BESIDE_INTERVAL = 100;

    private final Handle<T> handle;
    private final RuntimeResources resources;
    private final ProducerSettings<T> settings;
    private final Scheduler clock;
    private final OpenSends openSends;
    private final Completions completions;
    private final Duration sendTimeout;
    private final Duration asyncTimeout;
    private final MessageEncoder<T> encoder;

    /*
     * The clock is read for each message whose timeout is below this. A reading costs more than all other work, so a
     * message with a longer timeout that shares an entry takes the acceptance time of the entry's first message: the
     * difference is small compared with its timeout.
     */
    private final long timedAloneBelow;

    Intake(
            Handle<T> handle,
            RuntimeResources resources,
            ProducerSettings<T> settings,
            OpenSends openSends,
            Completions completions) {
        this.handle = handle;
        this.resources = resources;
        this.settings = settings;
        this.clock = resources.control();
        this.openSends = openSends;
        this.completions = completions;
        Duration timeout = settings.sendTimeout();
        this.sendTimeout = timeout == null ? SEND_TIMEOUT : timeout;
        this.asyncTimeout = timeout == null ? ASYNC_TIMEOUT : timeout;
        this.encoder = new MessageEncoder<>(handle, handle.context, resources.observers(), openSends, clock);
        Batching batching = settings.batching();
        this.timedAloneBelow = batching == null
                ? Long.MAX_VALUE
                : LONG_BESIDE_INTERVAL * batching.flushInterval().toNanos();
    }

    <V> SupervisedMessageBuilder<V> newMessage(Schema<V> schema, @Nullable Transaction transaction) {
        return new MessageBuilder<>(this, encoder.draft(schema, transaction), transaction);
    }

    /** The default timeout of a message for which a thread waits. */
    Duration sendTimeout() {
        return sendTimeout;
    }

    /** The default timeout of any other message. */
    Duration asyncTimeout() {
        return asyncTimeout;
    }

    /** Sends a message with only a value. */
    CompletableFuture<MessageId> send(T value) {
        if (!encoder.isDirect()) {
            return send(encoder.draft(value), null, asyncTimeout, false);
        }
        EncodedMessage message;
        try {
            message = encoder.encodeValue(value);
        } catch (MessageRejectedException e) {
            return notTaken(null, null, e);
        }
        return submit(newSend(message, null, asyncTimeout, false));
    }

    /** The same, with a callback instead of a future. */
    void send(T value, SendCallback callback) {
        if (!encoder.isDirect()) {
            send(encoder.draft(value), null, asyncTimeout, callback);
            return;
        }
        EncodedMessage message;
        try {
            message = encoder.encodeValue(value);
        } catch (MessageRejectedException e) {
            handle.counters().refused(e);
            CallbackSend.refuse(callback, e);
            return;
        }
        submit(new CallbackSend(message, affinity(message), asyncTimeout, openSends, callback));
    }

    /** Encodes a finished draft and sends the message. */
    CompletableFuture<MessageId> send(
            Draft<?> draft, @Nullable Transaction transaction, Duration timeout, boolean waitedFor) {
        Observation observation = encoder.observe(draft);
        EncodedMessage message;
        Duration left;
        try {
            left = encoder.awaitHooks(timeout);
            message = encoder.encode(draft, handle);
        } catch (PulsarClientException e) {
            return notTaken(transaction, observation, settings.told(e));
        } catch (RuntimeException e) {
            notTaken(null, observation, e);
            throw e;
        } finally {
            draft.endObserved(); // also if it was not encoded: the draft may be sent again
        }
        return transaction == null
                ? submit(newSend(message, observation, left, waitedFor))
                : submit(transaction, message, observation, left, waitedFor, null);
    }

    /** The same, with a callback instead of a future. */
    void send(Draft<?> draft, @Nullable Transaction transaction, Duration timeout, SendCallback callback) {
        Observation observation = encoder.observe(draft);
        EncodedMessage message;
        Duration left;
        try {
            left = encoder.awaitHooks(timeout);
            message = encoder.encode(draft, handle);
        } catch (PulsarClientException e) {
            PulsarClientException told = settings.told(e);
            notTaken(transaction, observation, told);
            CallbackSend.refuse(callback, told);
            return;
        } catch (RuntimeException e) {
            notTaken(null, observation, e);
            throw e;
        } finally {
            draft.endObserved(); // also if it was not encoded: the draft may be sent again
        }
        if (transaction == null) {
            SendCallback observer = Objects.requireNonNull(encoder.observer(message, observation, callback));
            submit(new CallbackSend(message, affinity(message), left, openSends, observer));
        } else {
            submit(transaction, message, observation, left, false, callback);
        }
    }

    /**
     * The answer to a message that is not sent at all. A commit fails, since it would commit only a part of the
     * transaction.
     */
    private CompletableFuture<MessageId> notTaken(
            @Nullable Transaction transaction, @Nullable Observation observation, Exception cause) {
        handle.counters().refused(cause);
        if (observation != null) {
            observation.onAnswer(null, cause);
        }
        CompletableFuture<MessageId> answer = CompletableFuture.failedFuture(cause);
        if (transaction != null) {
            Transactions.registerSend(transaction, answer);
        }
        return answer;
    }

    private Send newSend(
            EncodedMessage message, @Nullable Observation observation, Duration timeout, boolean waitedFor) {
        SendCallback observer = encoder.observer(message, observation, null);
        return observer == null
                ? new Send(message, affinity(message), timeout, waitedFor, openSends)
                : new ObservedSend(
                        message,
                        affinity(message),
                        timeout,
                        waitedFor,
                        mayPrecedeInterceptors(),
                        openSends,
                        completions,
                        observer);
    }

    /**
     * Whether a thread that waits for its message gets the answer before the interceptors do: a callback that blocks
     * must not hold it up. An official producer tells its interceptors first.
     */
    private boolean mayPrecedeInterceptors() {
        return settings.official() == null;
    }

    /**
     * The value that keeps messages on one producer of a group: derived from the key if there is one, otherwise from
     * the sending thread.
     */
    private int affinity(EncodedMessage message) {
        if (settings.producers() == 1) {
            return 0;
        }
        return message.hasAffinity()
                ? message.affinity()
                : Long.hashCode(Thread.currentThread().getId());
    }

    /** Accepts a message of a transaction, at the group that it goes to. */
    private CompletableFuture<MessageId> submit(
            Transaction transaction,
            EncodedMessage message,
            @Nullable Observation observation,
            Duration timeout,
            boolean waitedFor,
            @Nullable SendCallback callback) {
        Handle<T> target;
        try {
            target = handle.transactionTarget(message);
        } catch (PulsarClientException e) {
            PulsarClientException told = settings.told(e);
            SendCallback observer = encoder.observer(message, observation, callback);
            if (observer != null) {
                CallbackSend.refuse(observer, told);
            }
            return notTaken(transaction, null, told);
        }
        return target.intake().submitHere(transaction, message, observation, timeout, waitedFor, callback);
    }

    /**
     * Accepts a message of a transaction. From now on a commit waits for the message, and fails if the message fails.
     */
    private Send submitHere(
            Transaction transaction,
            EncodedMessage message,
            @Nullable Observation observation,
            Duration timeout,
            boolean waitedFor,
            @Nullable SendCallback callback) {
        SendCallback observer = encoder.observer(message, observation, callback);
        TransactionSend send = new TransactionSend(
                message,
                affinity(message),
                timeout,
                waitedFor,
                mayPrecedeInterceptors(),
                openSends,
                completions,
                observer);
        send.acceptAt(clock.nanoTime());
        boolean isTaking = openSends.isTaking();
        if (!isTaking) {
            send.refuse(settings.told(handle.stopped()), handle.counters());
        }
        Transactions.registerSend(transaction, send.forTransaction());
        if (isTaking) {
            offerUntilRoom(send, waiting -> handle.offer(transaction, waiting));
        }
        return send;
    }

    private Send submit(Send send) {
        if (send.timeout() < timedAloneBelow) {
            send.acceptAt(clock.nanoTime());
        }
        Handle<T> destination;
        try {
            destination = handle.destination(send.message());
        } catch (MessageRejectedException e) {
            refuse(send, e);
            return send;
        }
        OfferResult result = destination.offer(send);
        if (result == OfferResult.TAKEN) {
            return send;
        }
        send.acceptAt(clock.nanoTime());
        if (result == OfferResult.NO_ROOM) {
            offerUntilRoom(send, destination::offer);
        } else {
            enqueue(send, result);
        }
        return send;
    }

    /** Offers a message until there is room for it, and then queues it if no lane takes it; or fails it. */
    private void offerUntilRoom(Send send, Function<Send, OfferResult> path) {
        try {
            OfferResult result = new RoomWait(
                            resources.budget(), handle.room(), clock, this::mustNotWait, handle.counters()::blocked)
                    .offer(send, path);
            if (result != OfferResult.TAKEN) {
                enqueue(send, result);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            refuse(send, new SendFailedException("interrupted while waiting for room", Outcome.NOT_SENT, e));
        } catch (BudgetExceededException e) {
            refuse(send, openSends.isTaking() ? e : handle.stopped());
        }
    }

    private static void enqueue(Send send, OfferResult result) {
        Objects.requireNonNull(send.queue()).add(send, result);
    }

    /** The reason why a message must not wait for room, or not any longer; null if it may wait. */
    @Nullable
    String mustNotWait() {
        if (!openSends.isTaking()) {
            return "this producer was stopped";
        }
        if (!settings.blockIfQueueFull()) {
            return "this producer is set to fail then";
        }
        return Threads.mayBlock()
                ? null
                : "this thread must not block: " + Thread.currentThread().getName();
    }

    /**
     * Fails a message that holds nothing. If intake ended before the message was accepted, fails it within the call:
     * otherwise a callback that sends it again would never end.
     */
    void refuse(Send send, Throwable cause) {
        Throwable told = cause instanceof PulsarClientException known ? settings.told(known) : cause;
        if (send.count()) {
            completions.fail(send, told, handle.counters());
        } else {
            send.refuse(told, handle.counters());
        }
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
