package dev.vela;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.ProducerStats;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.transaction.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Producer} whose official producers are supervised: brought back when they die, routed around when they are
 * sick. The handle is stable; it outlives every producer under it.
 *
 * <p>Thread-safe. {@code send} blocks until the receipt, 5 s at most unless the message says otherwise; {@code sendAsync}
 * blocks only while a budget is full (see {@link SupervisedProducerBuilder#blockIfQueueFull}), and its future is answered
 * within 30 s unless the message says otherwise. Every failure of a send is a {@link SendFailure}: it says whether the
 * message is certainly not stored. Nothing blocks on a thread of Vela or of the Pulsar client: where it would, it fails.
 * Futures complete on threads that Vela keeps for this, those of one producer in order; a callback that blocks delays
 * only callbacks of the same producer, which has at most 4 of those threads for all its partitions.
 *
 * <p>A send fails with
 * <ul>
 *   <li>{@link NoProducersAvailableException}: no producer could take it; it was stopped, or all of them are down.
 *   <li>{@link ProducerWaitingException}: its producers wait for exclusive access.
 *   <li>{@link BudgetExceededException}: a budget was full for the whole timeout, or where the caller must not wait.
 *   <li>{@link MessageRejectedException}: this message cannot be published.
 *   <li>{@link SendTimeoutException}: it left, and no receipt came in time.
 *   <li>{@link ProducerDiedException}: it left, and the producer died.
 *   <li>{@link SendFailedException}: anything else. An interrupted {@code send} is {@link Outcome#NOT_SENT} if it was waiting
 *       for room, and {@link Outcome#UNKNOWN} if it was waiting for the receipt: the message goes on. A {@code send} on a
 *       thread that must not block is {@link Outcome#NOT_SENT}.
 * </ul>
 *
 * @param <T> the type of its messages
 */
public interface SupervisedProducer<T> extends Producer<T> {

    /** Its name in the runtime. */
    String name();

    /** Where it is as a whole. Never blocks. */
    HandleState state();

    /** The tree under it at this moment. Never blocks on I/O. */
    Snapshot.Topic snapshot();

    /** Those of its producers that are alive now: not the restarting, the waiting or the dead. */
    List<Snapshot.Producer> producers();

    /**
     * Waits until every producer that should send can send ({@link HandleState#READY}).
     *
     * @param timeout how long to wait at most; must be positive, and at most 100 years
     * @throws NoProducersAvailableException if it is not ready in time, or is down for good; the causes say why
     * @throws PulsarClientException if interrupted
     * @throws IllegalStateException on a thread of Vela or of the Pulsar client
     */
    void awaitReady(Duration timeout) throws PulsarClientException;

    /**
     * Waits until it can send, with fewer producers than it should have perhaps ({@link HandleState#READY} or
     * {@link HandleState#DEGRADED}).
     *
     * @param timeout how long to wait at most; must be positive, and at most 100 years
     * @throws NoProducersAvailableException if it cannot send in time, or is down for good; the causes say why
     * @throws PulsarClientException if interrupted
     * @throws IllegalStateException on a thread of Vela or of the Pulsar client
     */
    void awaitUsable(Duration timeout) throws PulsarClientException;

    /**
     * Starts again what is down: the fenced, the terminated, the refused, the failed. What lives or is coming back by
     * itself is left alone. Returns at once.
     *
     * @throws IllegalStateException if it was stopped
     */
    void restart();

    /**
     * Sends as {@link #sendAsync(Object)} does, and calls back with the answer instead of making a future for it. It spares
     * what a future and what hangs on it cost, which is a good part of all that a small message costs.
     *
     * @param value the message's value
     * @param callback told the answer, once; on the calling thread, before this returns, if the value cannot be encoded
     * @throws NullPointerException if {@code callback} is null
     */
    void sendAsync(T value, SendCallback callback);

    @Override
    SupervisedMessageBuilder<T> newMessage();

    @Override
    <V> SupervisedMessageBuilder<V> newMessage(Schema<V> schema);

    /**
     * {@inheritDoc}
     *
     * <p>What is promised of messages holds for it from the call that sends it. The transaction's commit waits for its answer
     * and for its callback, and fails if it fails: so do not block on the commit in that callback.
     */
    @Override
    SupervisedMessageBuilder<T> newMessage(Transaction txn);

    /**
     * {@inheritDoc}
     *
     * <p>In a transaction as {@link #newMessage(Transaction)}.
     */
    @Override
    <V> SupervisedMessageBuilder<V> newMessage(Schema<V> schema, Transaction txn);

    /**
     * Takes no new message, waits until what it accepted is answered, then closes its producers.
     *
     * <p>What is not answered at the deadline fails: with {@link ProducerDiedException} and {@link Outcome#UNKNOWN} if it
     * had left, with {@link NoProducersAvailableException} if it had not. Idempotent: a second stop waits for the first,
     * and a shorter deadline shortens it.
     *
     * @param drain how long to wait for answers; zero stops at once
     * <p>What it accepted before its first producer was there, or while its group is restarted, is drained like all else: that
     * producer is still created. A broker that does not answer has what is left of the drain to close the producers, all
     * together, at most 3 s and at least 1 s.
     *
     * @return completes when everything is answered and closed, or 3 s after that if a callback does not return; never fails.
     *     It is the caller's own: to cancel it or to set it a time-out stops nothing
     */
    CompletableFuture<Void> stopAsync(Duration drain);

    /**
     * {@link #stopAsync(Duration)}, waited for.
     *
     * @throws PulsarClientException if interrupted; the stop goes on
     * @throws IllegalStateException on a thread of Vela or of the Pulsar client
     */
    void stop(Duration drain) throws PulsarClientException;

    /** {@link #stop(Duration)} with a drain of 10 s. */
    @Override
    void close() throws PulsarClientException;

    /** {@link #stopAsync(Duration)} with a drain of 10 s. */
    @Override
    CompletableFuture<Void> closeAsync();

    /** The topic, without partition. */
    @Override
    String getTopic();

    /**
     * Its name in the runtime. The names of the official producers under it, as the broker knows them, are in
     * {@link #snapshot()}.
     */
    @Override
    String getProducerName();

    /**
     * The highest sequence id of which a receipt has come, over all its producers. Before it has sent anything, it is the
     * one that the broker knew of their names when they became ready: that of the application's last life, with
     * {@link SupervisedProducerBuilder#stableNames} where the namespace deduplicates; else -1. Producers number their messages
     * independently, so with several of them, or several partitions, it is no more than the highest of all; that of each
     * partition is told by its group in {@link PartitionedProducer#partitionGroups}.
     *
     * <p>An application that chooses its sequence ids ({@link SupervisedMessageBuilder#sequenceId}) from its own source, such
     * as the offset in a file, goes on after this one when it starts again, and so sends each message exactly once. Give it
     * one producer, and wait until that is {@linkplain #awaitReady ready}. The broker tells the highest id that it was sent.
     * That is stored, too, unless what a life that was killed had sent is lost after the next one has been told: it takes a
     * failure of the storage, or of the broker, within milliseconds of the restart. Where that must be ruled out, too, go on
     * after the last id of which your application has kept the receipt. What is sent twice so is dropped by the broker, even
     * if it left in other batches than the first time.
     */
    @Override
    long getLastSequenceId();

    /**
     * Messages and bytes counted by Vela over all its producers, since the handle was started; the counts of the last
     * interval are the same totals, and rates are means over that time. Latencies are not measured here: NaN.
     */
    @Override
    @SuppressWarnings("deprecation") // the client's interface for statistics is
    ProducerStats getStats();

    /** Whether at least one of its producers is connected, so that a message without a key could leave now. */
    @Override
    boolean isConnected();

    /** The latest moment at which one of its producers lost its connection, in milliseconds of the epoch; 0 if none did. */
    @Override
    long getLastDisconnectedTimestamp();

    /** The number of partitions that messages are routed to; 0 for a topic without. */
    @Override
    int getNumOfPartitions();

    /**
     * Completes when everything that was accepted before this call has been answered; fails with a failure that came since
     * this call, the first if all of it was sent through this handle. So a flush that succeeds means that all of it is stored
     * but for what the application has been told of before. What the application does to the futures of its
     * messages ({@code cancel}, {@code orTimeout}) has no part in that.
     *
     * <p>It also waits for the callbacks of what was accepted before. So a callback must not wait for a flush of its own
     * handle: in one, {@code join()} and {@code get()} of this future, and of those derived from it, throw
     * {@link IllegalStateException} while it is not complete.
     */
    @Override
    CompletableFuture<Void> flushAsync();

    /**
     * {@link #flushAsync()}, waited for.
     *
     * @throws PulsarClientException a failure that came since this call, or if interrupted
     * @throws IllegalStateException on a thread of Vela or of the Pulsar client
     */
    @Override
    void flush() throws PulsarClientException;

    /**
     * Whether a receipt says that the broker had the message already and dropped this copy. Such a send is a success. Of a
     * message in chunks the receipt does not always tell.
     *
     * @param receipt what {@code send} returned; null, as a {@link SendCallback} is told of a failure, is no duplicate
     */
    static boolean isDuplicate(@Nullable MessageId receipt) {
        return receipt instanceof MessageIdAdv id && id.getLedgerId() == -1 && id.getEntryId() == -1;
    }
}
