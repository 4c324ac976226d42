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
 * A {@link Producer} whose official producers are supervised: replaced when they die, routed around when they are
 * unhealthy. The handle is stable; it outlives every producer under it.
 *
 * <p>Thread-safe. {@code send} blocks until the receipt, by default for at most 5 s; {@code sendAsync} blocks only
 * while a budget is full (see {@link SupervisedProducerBuilder#blockIfQueueFull}), and its future is completed within
 * 30 s by default. Every failure of a send is a {@link SendFailure}: it says whether the message is certainly not
 * stored. Nothing blocks on a thread of Vela or of the Pulsar client: a call that would block there fails. Futures are
 * completed on dedicated Vela threads, in order for each producer. A callback that blocks delays only callbacks of the
 * same producer, which gets at most 4 of these threads for all its partitions.
 *
 * <p>A send fails with
 * <ul>
 *   <li>{@link NoProducersAvailableException}: no producer could take the message; the handle was stopped, or all
 *       producers are down.
 *   <li>{@link ProducerWaitingException}: all producers that could take the message wait for exclusive access.
 *   <li>{@link BudgetExceededException}: a budget was full for the whole timeout, or the caller must not wait.
 *   <li>{@link MessageRejectedException}: this message cannot be published.
 *   <li>{@link SendTimeoutException}: the message was sent, and no receipt came in time.
 *   <li>{@link ProducerDiedException}: the message was sent, and the producer died.
 *   <li>{@link SendFailedException}: anything else. An interrupted {@code send} is {@link Outcome#NOT_SENT} if it was
 *       waiting for room, and {@link Outcome#UNKNOWN} if it was waiting for the receipt: the message itself proceeds. A
 *       {@code send} on a thread that must not block is {@link Outcome#NOT_SENT}.
 * </ul>
 *
 * @param <T> the type of its messages
 */
public interface SupervisedProducer<T> extends Producer<T> {

    /** Its name in the runtime. */
    String name();

    /** The state of the whole producer. Never blocks. */
    HandleState state();

    /** The tree under it at this moment. Never blocks on I/O. */
    Snapshot.Topic snapshot();

    /** Its official producers that are alive now, without those that are restarting, waiting or dead. */
    List<Snapshot.Producer> producers();

    /**
     * Waits until every producer that should send can send ({@link HandleState#READY}).
     *
     * @param timeout how long to wait at most; must be positive, and at most 100 years
     * @throws NoProducersAvailableException if the producer is not ready in time, or is down for good; the causes say
     *     why
     * @throws PulsarClientException if interrupted
     * @throws IllegalStateException on a thread of Vela or of the Pulsar client
     */
    void awaitReady(Duration timeout) throws PulsarClientException;

    /**
     * Waits until the handle can send, perhaps with fewer producers than configured ({@link HandleState#READY} or
     * {@link HandleState#DEGRADED}).
     *
     * @param timeout how long to wait at most; must be positive, and at most 100 years
     * @throws NoProducersAvailableException if the handle cannot send in time, or is down for good; the causes say why
     * @throws PulsarClientException if interrupted
     * @throws IllegalStateException on a thread of Vela or of the Pulsar client
     */
    void awaitUsable(Duration timeout) throws PulsarClientException;

    /**
     * Restarts producers that are down: fenced, terminated, refused or failed. Producers that are alive or are coming
     * back by themselves are not touched. Returns at once.
     *
     * @throws IllegalStateException if it was stopped
     */
    void restart();

    /**
     * Sends as {@link #sendAsync(Object)} does, and calls back with the answer instead of creating a future for it.
     * This saves the cost of a future and its dependents, a good part of the total cost of a small message.
     *
     * @param value the message's value
     * @param callback called with the answer, once; on the calling thread, before this method returns, if the value
     *     cannot be encoded
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
     * <p>The guarantees for messages apply from the call that sends the message. The transaction's commit waits for the
     * message's answer and callback, and fails if the message fails: so do not block on the commit in that callback.
     */
    @Override
    SupervisedMessageBuilder<T> newMessage(Transaction txn);

    /**
     * {@inheritDoc}
     *
     * <p>The transaction is handled as in {@link #newMessage(Transaction)}.
     */
    @Override
    <V> SupervisedMessageBuilder<V> newMessage(Schema<V> schema, Transaction txn);

    /**
     * Accepts no new messages, waits until all accepted messages are answered, then closes its producers.
     *
     * <p>A message that is not answered at the deadline fails: with {@link ProducerDiedException} and
     * {@link Outcome#UNKNOWN} if it had been sent, with {@link NoProducersAvailableException} otherwise. Idempotent: a
     * second stop waits for the first, and a shorter deadline shortens it.
     *
     * <p>Messages accepted before the first producer was ready, or while the group restarts, are drained like all
     * others: that producer is still created. A broker that does not answer gets the rest of the drain to close all
     * producers together, at most 3 s and at least 1 s.
     *
     * @param drain how long to wait for answers; zero stops at once
     * @return completes when everything is answered and closed, or 3 s later if a callback does not return; never
     *     fails. Each call returns a separate future: cancelling it or giving it a timeout stops nothing
     */
    CompletableFuture<Void> stopAsync(Duration drain);

    /**
     * Calls {@link #stopAsync(Duration)} and waits for it.
     *
     * @throws PulsarClientException if interrupted; the stop continues
     * @throws IllegalStateException on a thread of Vela or of the Pulsar client
     */
    void stop(Duration drain) throws PulsarClientException;

    /** Calls {@link #stop(Duration)} with a drain of 10 s. */
    @Override
    void close() throws PulsarClientException;

    /** Calls {@link #stopAsync(Duration)} with a drain of 10 s. */
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
     * The highest sequence id with a receipt, over all its producers. Before anything is sent, the highest id that the
     * broker knew for their names when they became ready: the last id of the application's previous run, with
     * {@link SupervisedProducerBuilder#stableNames} where the namespace deduplicates; else -1. Producers number their
     * messages independently, so with several producers or partitions this is only the highest id of all; for each
     * partition's id, ask its group in {@link PartitionedProducer#partitionGroups}.
     *
     * <p>An application that takes its sequence ids ({@link SupervisedMessageBuilder#sequenceId}) from its own source,
     * such as the offset in a file, continues after this id when it restarts, and so sends each message exactly once.
     * Use one producer, and wait until it is {@linkplain #awaitReady ready}. The broker reports the highest id that it
     * was sent. The message with this id is stored, too, unless messages of a killed run are lost after the next run
     * got the id: this takes a failure of the storage, or of the broker, within milliseconds of the restart. To rule
     * that out as well, continue after the last id for which your application has kept the receipt. The broker drops
     * messages that are sent twice this way, even if they were batched differently the first time.
     */
    @Override
    long getLastSequenceId();

    /**
     * Messages and bytes counted by Vela over all its producers since the handle was started. The counts of the last
     * interval are the same totals, and rates are means over that time. Latencies are not measured here: NaN.
     */
    @Override
    @SuppressWarnings("deprecation") // the client's interface for statistics is deprecated
    ProducerStats getStats();

    /** Whether at least one of its producers is connected, so that a message without a key could leave now. */
    @Override
    boolean isConnected();

    /** The last time that one of its producers lost its connection, in milliseconds since the epoch; 0 if none did. */
    @Override
    long getLastDisconnectedTimestamp();

    /** The number of partitions that messages are routed to; 0 for a topic without partitions. */
    @Override
    int getNumOfPartitions();

    /**
     * Completes when every message accepted before this call has been answered. Fails with a failure that came since
     * this call, the first one if all messages were sent through this handle. So a successful flush means that all
     * these messages are stored, except those whose failures were reported before this call. {@code cancel} or
     * {@code orTimeout} on the futures of messages do not affect this.
     *
     * <p>The flush also waits for the callbacks of these messages. So a callback must not wait for a flush of its own
     * handle: within a callback, {@code join()} and {@code get()} of this future, and of futures derived from it, throw
     * {@link IllegalStateException} while it is not complete.
     */
    @Override
    CompletableFuture<Void> flushAsync();

    /**
     * Calls {@link #flushAsync()} and waits for it.
     *
     * @throws PulsarClientException a failure that came since this call, or if interrupted
     * @throws IllegalStateException on a thread of Vela or of the Pulsar client
     */
    @Override
    void flush() throws PulsarClientException;

    /**
     * Whether a receipt says that the broker had the message already and dropped this copy. Such a send is a success.
     * For a message in chunks the receipt does not always say so.
     *
     * @param receipt the id that {@code send} returned; null, which a {@link SendCallback} gets for a failure, is no
     *     duplicate
     */
    static boolean isDuplicate(@Nullable MessageId receipt) {
        return receipt instanceof MessageIdAdv id && id.getLedgerId() == -1 && id.getEntryId() == -1;
    }
}
