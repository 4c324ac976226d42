package dev.vela;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.pulsar.client.api.CompressionType;
import org.apache.pulsar.client.api.MessageRouter;
import org.apache.pulsar.client.api.MessageRoutingMode;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.ProducerBuilder;
import org.apache.pulsar.client.api.PulsarClientException;

/**
 * Describes a supervised producer, and starts it or returns it as a {@link ChildSpec}.
 *
 * <p><em>Not</em> thread-safe. Each setter checks its argument at once: {@link NullPointerException} for null,
 * {@link IllegalArgumentException} for a value out of range, such as any duration of more than 100 years.
 * {@link #start()} and {@link #childSpec()} check combinations of settings and throw {@link IllegalStateException}.
 *
 * @param <T> the type of the messages
 * @param <P> the type of the handle
 */
public interface SupervisedProducerBuilder<T, P extends SupervisedProducer<T>> {

    /** The topic, short or full, without partition for a partitioned topic. Required. */
    SupervisedProducerBuilder<T, P> topic(String topic);

    /** The name in the runtime, and the first part of the official producers' names. Default: the topic as given. */
    SupervisedProducerBuilder<T, P> name(String name);

    /** How many producers each group has, at most 1000. Default 1. */
    SupervisedProducerBuilder<T, P> producers(int producers);

    /**
     * The number of partitions, so that no look-up is needed to start; at most 100,000. Only for a
     * {@link PartitionedProducer}: elsewhere this throws {@link IllegalStateException}. The number stays as given,
     * whatever the topic has or gets, unless {@link #autoUpdatePartitions} is turned on. No partition is created that
     * the topic's metadata does not have: a partition beyond the metadata waits until it exists.
     */
    SupervisedProducerBuilder<T, P> partitions(int partitions);

    /**
     * Whether partitions that the topic gets later are found and used. Default: yes if their number was looked up, no
     * if it was given with {@link #partitions}. A given number is fixed by default, and only the initial number with
     * {@code true}.
     *
     * <p>New partitions get their groups at once, but messages only when all of them are ready, so that keys change
     * their partitions only once: see {@link PartitionedProducer}. No effect on a topic without partitions; not for a
     * {@link ProducerGroup}.
     */
    SupervisedProducerBuilder<T, P> autoUpdatePartitions(boolean enabled);

    /**
     * How often to look for new partitions; at least one second. Default 60 s. The first look-up comes at a random time
     * within the first interval, so that handles started together do not all look at the same time. Setting the
     * interval turns {@link #autoUpdatePartitions} on.
     */
    SupervisedProducerBuilder<T, P> autoUpdatePartitionsInterval(Duration interval);

    /**
     * The access mode of each producer. Default {@link ProducerAccessMode#Shared}. Exclusive modes allow a single
     * producer; {@link ProducerAccessMode#WaitForExclusive} with several makes one active and the others standbys.
     * While all of them wait for another producer, a send fails at once with {@link ProducerWaitingException}.
     *
     * <p>In an exclusive mode a producer is not replaced for being disconnected, however long: it reconnects, and is
     * fenced if another producer had the topic meanwhile. The successor of a producer that died for another reason
     * never fences any other producer. If another producer has the topic, or had it meanwhile, the successor stays down
     * until {@link SupervisedProducer#restart()}; with {@code WaitForExclusive} it queues behind the other producer.
     * Messages left by an earlier producer are not sent then.
     */
    SupervisedProducerBuilder<T, P> accessMode(ProducerAccessMode accessMode);

    /** The compression. Default {@link CompressionType#NONE}. */
    SupervisedProducerBuilder<T, P> compressionType(CompressionType compressionType);

    /** Splits messages larger than the broker's limit into chunks. Default off. */
    SupervisedProducerBuilder<T, P> enableChunking(boolean enabled);

    /** The size of a chunk in bytes, to make it smaller than the broker's limit. Needs {@link #enableChunking}. */
    SupervisedProducerBuilder<T, P> chunkMaxMessageSize(int bytes);

    /** Batches messages into entries. Default: each message is a separate entry. */
    SupervisedProducerBuilder<T, P> batching(Batching batching);

    /**
     * Changes the batching that was given before this call. No effect if none was: messages are not batched then. For a
     * {@linkplain VelaBuilder#customizeSupervised customizer}, to which the batching of an official builder is given.
     *
     * @param change receives the batching, and returns the one to use
     */
    SupervisedProducerBuilder<T, P> adjustBatching(UnaryOperator<Batching> change);

    /** The function that places a key on a partition. Default {@link KeyHash#PHASH2}. */
    SupervisedProducerBuilder<T, P> keyHash(KeyHash keyHash);

    /**
     * How messages without a key find a partition. Default {@link MessageRoutingMode#RoundRobinPartition}: each entry,
     * or each message without batching, goes to a partition that can accept it. With
     * {@link MessageRoutingMode#SinglePartition} they all go to one partition, chosen at random, as long as it is
     * healthy, and then stay with another. {@link MessageRoutingMode#CustomPartition} needs a {@link #messageRouter}.
     * No effect on a topic without partitions; not for a {@link ProducerGroup}.
     */
    SupervisedProducerBuilder<T, P> messageRoutingMode(MessageRoutingMode mode);

    /**
     * Chooses the partition of each message, with or without a key, instead of Vela. The choice is binding, as a key's
     * partition is: the message waits for that partition, and goes to no other. Called once for each message, on the
     * sending thread, after the interceptors; it must be thread-safe. If it throws, or returns no partition of the
     * topic, the message is refused with {@link MessageRejectedException}. No effect on a topic without partitions; not
     * for a {@link ProducerGroup}.
     */
    SupervisedProducerBuilder<T, P> messageRouter(MessageRouter router);

    /**
     * Whether a send fails at once, with {@link NoProducersAvailableException}, when no producer can take it. Default
     * no: the send waits for a producer within its own timeout, unless all are down for good.
     */
    SupervisedProducerBuilder<T, P> failFast(boolean enabled);

    /**
     * Whether a send, {@code sendAsync} included, blocks its caller while a budget is full, within the message's
     * timeout. Default yes. With {@code false} the send fails at once with {@link BudgetExceededException}. Use
     * {@code false} to send from an event loop: Vela recognizes only its own threads and the Pulsar client's as threads
     * that must not block.
     */
    SupervisedProducerBuilder<T, P> blockIfQueueFull(boolean enabled);

    /**
     * The timeout of messages that do not set one ({@link SupervisedMessageBuilder#timeout}). Default 5 s for
     * {@code send}, 30 s for {@code sendAsync}.
     */
    SupervisedProducerBuilder<T, P> sendTimeout(Duration timeout);

    /**
     * How many messages may be pending for each producer. The producers of a group share the sum. Default 10,000; with
     * batching, 100 full batches if that is more.
     */
    SupervisedProducerBuilder<T, P> maxPendingMessages(int messages);

    /**
     * How many bytes may be pending for each producer. The producers of a group share the sum. A single larger message
     * is accepted when nothing else is pending. Default 64 MiB.
     */
    SupervisedProducerBuilder<T, P> maxPendingBytes(long bytes);

    /** What happens to messages in flight when their producer dies. Default {@link InFlightPolicy#REPORT}. */
    SupervisedProducerBuilder<T, P> inFlightPolicy(InFlightPolicy policy);

    /** How many restarts of its producers a group makes before it fails. Default 100 in 60 s. */
    SupervisedProducerBuilder<T, P> restartIntensity(int maxRestarts, Duration period);

    /** The same. */
    SupervisedProducerBuilder<T, P> restartIntensity(RestartIntensity restartIntensity);

    /** The delays between restarts and failed attempts. Default: exponential from 100 ms to 30 s. */
    SupervisedProducerBuilder<T, P> backoff(Backoff backoff);

    /**
     * How long a producer may be disconnected, whatever it reports, before it is replaced, unless it has exclusive
     * {@linkplain #accessMode access}. Also how long a producer may be connected without getting a receipt while one of
     * its messages has timed out, or, with {@link InFlightPolicy#REPLAY}, while it has any message. Default 30 s.
     */
    SupervisedProducerBuilder<T, P> maxDisconnectedTime(Duration time);

    /**
     * The longest time between attempts to start a refused producer (schema, authorization): the first retry comes
     * after 100 ms, then the time doubles up to this interval. Default 60 s.
     */
    SupervisedProducerBuilder<T, P> refusedRetryInterval(Duration interval);

    /** How long each producer waits before its first attempt. Default zero. */
    SupervisedProducerBuilder<T, P> startupDelay(Duration delay);

    /** The maximum random time added to the startup delay of each producer. Default zero. */
    SupervisedProducerBuilder<T, P> startupJitter(Duration jitter);

    /**
     * Whether producer names omit the instance suffix, so that they are the same after the application restarts.
     * Default no. Two applications with the same stable names keep each other out, as does a producer of this
     * application that the client has left behind: while the broker says that the name is already connected, no
     * producer becomes available. Without stable names another name is used then. For the point to continue from after
     * a restart, see {@link SupervisedProducer#getLastSequenceId}.
     */
    SupervisedProducerBuilder<T, P> stableNames(boolean enabled);

    /**
     * Receives the official builder of each producer, before every attempt to create one, so that all its options can
     * be set (encryption, interceptors, properties, …). Vela then overrides the settings that it owns: topic, producer
     * name, access mode, no batching, no send timeout, no limit of pending messages and no blocking at such a limit,
     * and compression and chunking if they were given here. Each producer has one partition: a message router given here
     * fails every attempt, and a hashing scheme has no effect; use {@link #messageRouter} and {@link #keyHash} instead.
     * Called on a thread of Vela; an
     * exception counts as a failed attempt. The customizer may block: this delays the start of this producer and other
     * client calls of the same handle, but no other handle, and no close beyond its deadline.
     *
     * <p>Interceptors, of either kind, belong to the handle. They see each message, whether or not it shares an entry:
     * {@code beforeSend} on the sending thread, {@code onSendAcknowledgement} on a thread of Vela before the answer is
     * given, or after a {@code send} that waits for it. Changes that they make to a message are sent. The producer that
     * they get is the handle. They are notified of new partitions, and closed when the handle has stopped. A handle
     * uses the interceptors that the customizer adds when it first succeeds: for this the customizer is called once
     * more when the handle is started, and the start waits for it, up to a second. Interceptors added later are
     * ignored. If the customizer throws then, or takes longer, sends wait for its success as sends with
     * {@code AUTO_PRODUCE_BYTES} do ({@link Vela#newProducer}).
     *
     * <p>Several customizers are called in the order in which they were given.
     */
    SupervisedProducerBuilder<T, P> customize(Consumer<? super ProducerBuilder<T>> customizer);

    /**
     * Starts the producer and returns its handle, without waiting for any official producer: see
     * {@link SupervisedProducer#awaitReady}.
     *
     * <p>The call blocks in two cases only. If the number of partitions is not known yet ({@link Vela#newProducer}, and
     * {@link Vela#newPartitionedProducer} without {@link #partitions}), it first asks the broker, up to the client's
     * lookup timeout. With a {@linkplain #customize customizer} it waits for the customizer, up to a second.
     *
     * @throws AlreadyStartedException if a live producer has the name; the exception carries that producer
     * @throws PulsarClientException if the look-up failed, the runtime is closed, the producer was stopped by its name
     *     before it had started, or the thread was interrupted: then nothing is started
     */
    P start() throws PulsarClientException;

    /**
     * Does the same as {@link #start()} without blocking for the look-up. The future fails with the exceptions that
     * {@code start} throws. If it is cancelled, or times out, before it is complete, the start is withdrawn: nothing is
     * started, and the name is free.
     */
    CompletableFuture<P> startAsync();

    /**
     * Describes the producer as a child for {@link Vela#startAsync(ChildSpec)}. The child's id is the producer's name.
     * Later changes to the builder do not affect the description.
     */
    ChildSpec childSpec();
}
