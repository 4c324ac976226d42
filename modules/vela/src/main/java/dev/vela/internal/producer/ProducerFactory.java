package dev.vela.internal.producer;

import dev.vela.internal.pulsar.EncryptionKeys;
import dev.vela.internal.pulsar.EntryPublisher;
import dev.vela.internal.pulsar.Failures;
import dev.vela.internal.pulsar.OfficialProducer;
import dev.vela.internal.pulsar.Topics;
import dev.vela.internal.runtime.ClientCalls;
import dev.vela.internal.runtime.HandleContext;
import dev.vela.internal.runtime.Hooks;
import dev.vela.internal.runtime.ProducerSettings;
import dev.vela.internal.runtime.RuntimeResources;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.MessageRoutingMode;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.ProducerBuilder;
import org.apache.pulsar.client.api.PulsarClientException;
import org.jspecify.annotations.Nullable;

/**
 * Creates the official producers of one topic or partition.
 *
 * <p>Thread-safe; never blocks.
 */
final class ProducerFactory<T> {
    private final RuntimeResources engine;
    private final ClientCalls calls;
    private final ProducerSettings<T> settings;
    private final Hooks<T> hooks;
    private final String topic;
    private final int partition;

    /**
     * Creates a factory for a topic.
     *
     * @param topic the topic, or the partition's topic
     * @param partition the partition's index, or -1
     */
    ProducerFactory(RuntimeResources engine, ClientCalls calls, HandleContext<T> context, String topic, int partition) {
        this.engine = engine;
        this.calls = calls;
        this.settings = context.settings();
        this.hooks = context.hooks();
        this.topic = topic;
        this.partition = partition;
    }

    /**
     * Creates a producer that asks for this access. Creates nothing for a partition missing from the topic's metadata.
     */
    CompletableFuture<EntryPublisher> create(String producerName, ProducerAccessMode accessMode) {
        if (partition < 0) {
            return createChecked(producerName, accessMode);
        }
        return partitions()
                .handle(this::checked)
                .thenCompose(checked -> checked)
                .thenCompose(there -> createChecked(producerName, accessMode));
    }

    /** Fails unless the topic has this partition. */
    private CompletableFuture<Void> checked(@Nullable Integer known, @Nullable Throwable failure) {
        if (failure != null) {
            Throwable cause = Failures.unwrap(failure);
            return CompletableFuture.failedFuture(
                    Failures.isOfMissingTopic(cause)
                            ? new PulsarClientException.NotFoundException(missing(String.valueOf(cause.getMessage())))
                            : cause);
        }
        int count = known == null ? 0 : known;
        if (partition < count) {
            return CompletableFuture.completedFuture(null);
        }
        return CompletableFuture.failedFuture(
                count == 0
                        ? new PulsarClientException.NotAllowedException(missing("the topic is not partitioned"))
                        : new PulsarClientException.TopicDoesNotExistException(
                                missing("the topic has " + count + " partitions")));
    }

    private String missing(String why) {
        return "partition " + partition + " of " + Topics.base(topic) + " is not there: " + why;
    }

    /** How many partitions the topic has. Never creates it. */
    CompletableFuture<Integer> partitions() {
        return engine.lookUps().partitions(Topics.base(topic));
    }

    private CompletableFuture<EntryPublisher> createChecked(String producerName, ProducerAccessMode accessMode) {
        PulsarClientException closed = engine.clientIsClosed();
        if (closed != null) {
            return CompletableFuture.failedFuture(closed);
        }
        return calls.create(() -> configure(producerName, accessMode).createAsync())
                .handle((producer, failure) -> failure == null
                        ? accept(producer)
                        : CompletableFuture.<EntryPublisher>failedFuture(
                                Failures.explained(topic, Failures.unwrap(failure))))
                .thenCompose(accepted -> accepted);
    }

    private CompletableFuture<EntryPublisher> accept(Producer<T> producer) {
        hooks.lookAgain(); // the client may have looked up the schema
        if (producer.getNumOfPartitions() == 0) {
            return CompletableFuture.completedFuture(
                    new OfficialProducer(producer, hooks.schema()).reconnectingWith(accessOnReconnect()));
        }
        return producer.closeAsync()
                .handle((closed, failure) -> failure)
                .thenCompose(ignored -> CompletableFuture.failedFuture(
                        new PulsarClientException.InvalidConfigurationException(topic + " is partitioned ("
                                + producer.getNumOfPartitions()
                                + " partitions): a ProducerGroup takes a topic without partitions, or one of them")));
    }

    /**
     * A producer that has had the topic must not queue behind another producer and resume by itself when the other one
     * goes.
     */
    private ProducerAccessMode accessOnReconnect() {
        return settings.isStandby() ? ProducerAccessMode.Exclusive : settings.accessMode();
    }

    private ProducerBuilder<T> configure(String producerName, ProducerAccessMode accessMode)
            throws PulsarClientException {
        ProducerBuilder<T> builder = engine.client().newProducer(hooks.schema());
        settings.customizer().accept(builder);
        hooks.learn(builder);
        builder.topic(topic)
                .producerName(producerName)
                .accessMode(accessMode)
                .enableBatching(false)
                .sendTimeout(0, TimeUnit.MILLISECONDS)
                .blockIfQueueFull(false)
                .maxPendingMessages(0)
                .messageRoutingMode(MessageRoutingMode.SinglePartition);
        if (settings.compression() != null) {
            builder.compressionType(settings.compression());
        }
        if (settings.chunking() != null) {
            builder.enableChunking(settings.chunking());
        }
        if (settings.chunkMaxMessageSize() > 0) {
            builder.chunkMaxMessageSize(settings.chunkMaxMessageSize());
        }
        EncryptionKeys.check(builder);
        return builder;
    }
}
