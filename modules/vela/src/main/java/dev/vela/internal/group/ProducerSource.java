package dev.vela.internal.group;

import dev.vela.internal.pulsar.EntryPublisher;
import dev.vela.internal.pulsar.OfficialProducer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.MessageRoutingMode;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.ProducerBuilder;
import org.apache.pulsar.client.api.PulsarClientException;

/**
 * Creates the official producers of one topic or partition.
 *
 * <p>Thread-safe; never blocks.
 */
final class ProducerSource<T> {
    private final Engine engine;
    private final Settings<T> settings;
    private final String topic;
    private final int partition;

    /**
     * A source for a topic.
     *
     * @param topic the topic, or the partition's topic
     * @param partition the partition's index, or -1
     */
    ProducerSource(Engine engine, Settings<T> settings, String topic, int partition) {
        this.engine = engine;
        this.settings = settings;
        this.topic = topic;
        this.partition = partition;
    }

    /** Creates one. Nothing is created for a partition that the topic's metadata does not hold. */
    CompletableFuture<EntryPublisher> create(String producerName) {
        if (partition < 0) {
            return createChecked(producerName);
        }
        return partitions().thenCompose(known -> {
            if (partition >= known) {
                return CompletableFuture.failedFuture(
                        new PulsarClientException.NotFoundException(missingPartition(known)));
            }
            return createChecked(producerName);
        });
    }

    private String missingPartition(int known) {
        String found = known == 0 ? "is not partitioned or does not exist" : "has " + known + " partitions";
        return "partition " + partition + " of " + Topics.base(topic) + " is not there: the topic " + found;
    }

    CompletableFuture<Integer> partitions() {
        return partitions(engine, Topics.base(topic));
    }

    /** How many partitions a topic has according to its metadata; 0 for none. Never creates a topic. */
    static CompletableFuture<Integer> partitions(Engine engine, String topic) {
        return engine.callOut(() -> engine.client().getPartitionsForTopic(topic, false))
                .thenApply(ProducerSource::count);
    }

    static int count(List<String> partitions) {
        boolean partitioned = partitions.stream().anyMatch(name -> Topics.partition(name) >= 0);
        return partitioned ? partitions.size() : 0;
    }

    private CompletableFuture<EntryPublisher> createChecked(String producerName) {
        return engine.callOut(() -> configure(producerName).createAsync()).thenCompose(this::accept);
    }

    private CompletableFuture<EntryPublisher> accept(Producer<T> producer) {
        if (producer.getNumOfPartitions() == 0) {
            return CompletableFuture.completedFuture(new OfficialProducer(producer));
        }
        return producer.closeAsync()
                .handle((closed, failure) -> failure)
                .thenCompose(ignored -> CompletableFuture.failedFuture(
                        new PulsarClientException.InvalidConfigurationException(topic + " is partitioned ("
                                + producer.getNumOfPartitions()
                                + " partitions): a ProducerGroup takes a topic without partitions, or one of them")));
    }

    private ProducerBuilder<T> configure(String producerName) {
        ProducerBuilder<T> builder = engine.client().newProducer(settings.schema());
        settings.customizer().accept(builder);
        builder.topic(topic)
                .producerName(producerName)
                .accessMode(settings.accessMode())
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
        return builder;
    }
}
