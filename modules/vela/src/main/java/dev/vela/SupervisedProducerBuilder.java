package dev.vela;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.pulsar.client.api.CompressionType;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.ProducerBuilder;
import org.apache.pulsar.client.api.PulsarClientException;

/**
 * Describes a supervised producer, and starts it or hands it out as a {@link ChildSpec}.
 *
 * <p><em>Not</em> thread-safe. Each setter checks its argument at once: {@link NullPointerException} for null,
 * {@link IllegalArgumentException} for what is out of range, as a duration of more than 100 years always is.
 * {@link #start()} and {@link #childSpec()} check what depends on several of them and throw {@link IllegalStateException}.
 *
 * @param <T> the type of the messages
 * @param <P> what is started
 */
public interface SupervisedProducerBuilder<T, P extends SupervisedProducer<T>> {

    /** The topic, short or full, without partition for a partitioned one. Required. */
    SupervisedProducerBuilder<T, P> topic(String topic);

    /** The name in the runtime, and the first part of the official producers' names. Default: the topic as given. */
    SupervisedProducerBuilder<T, P> name(String name);

    /** How many producers each group has, at most 1000. Default 1. */
    SupervisedProducerBuilder<T, P> producers(int producers);

    /**
     * How many partitions there are, so that no look-up is needed to start; at most 100,000. Only for a
     * {@link PartitionedProducer}: elsewhere this throws {@link IllegalStateException}. The number stays as given,
     * however many the topic has or gets, unless {@link #autoUpdatePartitions} is turned on.
     * Nothing is created that the topic's metadata does not hold: a partition beyond it waits until it is there.
     */
    SupervisedProducerBuilder<T, P> partitions(int partitions);

    /**
     * Whether partitions that the topic gets later are found and used. Default: yes if their number was looked up, no if it
     * was given with {@link #partitions}: then it is the caller's, and with {@code true} merely the number to begin with.
     *
     * <p>New partitions get their groups at once, and messages once all of them are ready, so that keys change their
     * partitions once: see {@link PartitionedProducer}. Without an effect on a topic that has no partitions; not for a
     * {@link ProducerGroup}.
     */
    SupervisedProducerBuilder<T, P> autoUpdatePartitions(boolean enabled);

    /**
     * How often to look for new partitions; at least one second. Default 60 s. The first look comes at a random moment within
     * the first interval, so that handles started together do not all look together. To give it turns
     * {@link #autoUpdatePartitions} on.
     */
    SupervisedProducerBuilder<T, P> autoUpdatePartitionsInterval(Duration interval);

    /**
     * The access mode of each producer. Default {@link ProducerAccessMode#Shared}. Exclusive modes allow a single
     * producer; {@link ProducerAccessMode#WaitForExclusive} with several makes one active and the others standbys. While
     * all of them wait for somebody else, a send fails at once with {@link ProducerWaitingException}.
     *
     * <p>In an exclusive mode a producer is not replaced for being disconnected, however long: it reconnects, and is fenced if
     * another one had the topic meanwhile. A successor of one that died of something else never fences anybody. If another
     * one has the topic, or had it meanwhile, it stays down until {@link SupervisedProducer#restart()}; with
     * {@code WaitForExclusive} it queues behind. Nothing that an earlier producer left is sent then.
     */
    SupervisedProducerBuilder<T, P> accessMode(ProducerAccessMode accessMode);

    /** The compression. Default {@link CompressionType#NONE}. */
    SupervisedProducerBuilder<T, P> compressionType(CompressionType compressionType);

    /** Splits messages larger than the broker's limit into chunks. Default off. */
    SupervisedProducerBuilder<T, P> enableChunking(boolean enabled);

    /** The size of a chunk in bytes, if it is to be smaller than the broker's limit. Needs {@link #enableChunking}. */
    SupervisedProducerBuilder<T, P> chunkMaxMessageSize(int bytes);

    /** Puts messages together into entries. Default: each message is an entry of its own. */
    SupervisedProducerBuilder<T, P> batching(Batching batching);

    /** What places a key on a partition. Default {@link KeyHash#PHASH2}. */
    SupervisedProducerBuilder<T, P> keyHash(KeyHash keyHash);

    /**
     * Whether a send fails at once, with {@link NoProducersAvailableException}, when no producer can take it. Default no: it
     * waits for one within its own timeout, unless all are down for good.
     */
    SupervisedProducerBuilder<T, P> failFast(boolean enabled);

    /**
     * Whether a send blocks its caller while a budget is full, {@code sendAsync} too, within the message's timeout. Default yes.
     * With {@code false} it fails at once then, with {@link BudgetExceededException}. An application that sends from an event
     * loop wants that: Vela recognizes only its own threads and those of the Pulsar client as ones that must not block.
     */
    SupervisedProducerBuilder<T, P> blockIfQueueFull(boolean enabled);

    /**
     * The timeout of a message that has none of its own ({@link SupervisedMessageBuilder#timeout}). Default 5 s for
     * {@code send}, 30 s for {@code sendAsync}.
     */
    SupervisedProducerBuilder<T, P> sendTimeout(Duration timeout);

    /**
     * How many messages may be pending for each producer. A group shares what its producers bring. Default 10,000; with
     * batching 100 full batches, if that is more.
     */
    SupervisedProducerBuilder<T, P> maxPendingMessages(int messages);

    /**
     * How many bytes may be pending for each producer. A group shares what its producers bring. A single larger message
     * is taken when nothing else is pending. Default 64 MiB.
     */
    SupervisedProducerBuilder<T, P> maxPendingBytes(long bytes);

    /** What becomes of messages in flight when their producer dies. Default {@link InFlightPolicy#REPORT}. */
    SupervisedProducerBuilder<T, P> inFlightPolicy(InFlightPolicy policy);

    /** How many restarts of its producers a group makes before it fails. Default 100 in 60 s. */
    SupervisedProducerBuilder<T, P> restartIntensity(int maxRestarts, Duration period);

    /** The same. */
    SupervisedProducerBuilder<T, P> restartIntensity(RestartIntensity restartIntensity);

    /** How restarts and failed attempts are spaced. Default: exponential from 100 ms to 30 s. */
    SupervisedProducerBuilder<T, P> backoff(Backoff backoff);

    /**
     * How long a producer may be disconnected, whatever it says, before it is replaced, unless it has exclusive
     * {@linkplain #accessMode access}; or be connected and get no receipt, while a message that it has timed out, or, with
     * {@link InFlightPolicy#REPLAY}, while it has any. Default 30 s.
     */
    SupervisedProducerBuilder<T, P> maxDisconnectedTime(Duration time);

    /**
     * How far apart the attempts to start a refused producer (schema, authorization) are in the end: the first is made after
     * 100 ms, and the time between them doubles until it is as long as this. Default 60 s.
     */
    SupervisedProducerBuilder<T, P> refusedRetryInterval(Duration interval);

    /** How long each producer waits before its first attempt. Default zero. */
    SupervisedProducerBuilder<T, P> startupDelay(Duration delay);

    /** Up to how much is added to the startup delay, at random for each producer. Default zero. */
    SupervisedProducerBuilder<T, P> startupJitter(Duration jitter);

    /**
     * Whether the instance suffix is left out of producer names, so that they are the same after the application restarts.
     * Default no. Two
     * applications with the same stable names keep each other out, and so does a producer of this one that the client has
     * left behind: while the broker says that the name is connected already, none comes. Without stable names another name
     * is taken then. Where to go on after a restart, see
     * {@link SupervisedProducer#getLastSequenceId}.
     */
    SupervisedProducerBuilder<T, P> stableNames(boolean enabled);

    /**
     * Receives the official builder of each producer, before every attempt to create one, so that all its options can be
     * reached (encryption, interceptors, properties, …). Vela then sets what it owns, whatever the customizer did: topic,
     * producer name, access mode, no batching, no send timeout, no limit of pending messages and no blocking where there
     * is one, compression and chunking where they were given here. Each producer has one partition: a message router fails
     * every attempt, and a hashing scheme has no effect, {@link #keyHash} has. Called on a thread of Vela; what it throws
     * counts as a failed attempt. It may block: that delays this producer's start, and what else the same handle asks of the
     * client, but no other handle, and no close beyond its deadline.
     *
     * <p>Interceptors, of either kind, belong to the handle. They see each message, whether or not it shares an entry:
     * {@code beforeSend} in the sending thread, {@code onSendAcknowledgement} on a thread of Vela before the answer is told, or
     * behind a {@code send} that waits for it.
     * What they add to a message is sent. The producer that they are given is the handle. They are told of new partitions,
     * and closed when the handle has stopped. A handle uses those that the customizer adds when it first succeeds: for
     * that it is called once more when the handle is started, which waits for it, up to a second; what it adds later is
     * ignored. Where it throws then, or takes longer, sends wait for its success as those with {@code AUTO_PRODUCE_BYTES}
     * do ({@link Vela#newProducer}).
     */
    SupervisedProducerBuilder<T, P> customize(Consumer<? super ProducerBuilder<T>> customizer);

    /**
     * Starts it and returns the handle, without waiting for any producer: see {@link SupervisedProducer#awaitReady}.
     *
     * <p>Only where the number of partitions is not known yet ({@link Vela#newProducer}, and
     * {@link Vela#newPartitionedProducer} without {@link #partitions}) it first asks the broker, and blocks for that, up
     * to the client's lookup timeout; and where there is a {@linkplain #customize customizer} it waits for that, up to a
     * second.
     *
     * @throws AlreadyStartedException if a live producer has the name; it carries that one
     * @throws PulsarClientException if the look-up failed, the runtime is closed, it was stopped by its name before it was
     *     there, or the thread was interrupted: then nothing is started
     */
    P start() throws PulsarClientException;

    /**
     * {@link #start()} without blocking for the look-up. The future fails with what {@code start} throws. To cancel it, or to
     * have it time out, before it is complete withdraws the start: nothing is started, and the name is free.
     */
    CompletableFuture<P> startAsync();

    /**
     * Describes it as a child, to be started with {@link Vela#startAsync(ChildSpec)}. Its id is the name. The builder may be
     * changed afterwards without an effect on it.
     */
    ChildSpec childSpec();
}
