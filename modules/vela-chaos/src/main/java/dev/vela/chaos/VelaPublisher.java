package dev.vela.chaos;

import dev.vela.PartitionedProducer;
import dev.vela.ProducerState;
import dev.vela.Snapshot;
import dev.vela.SupervisedMessageBuilder;
import dev.vela.SupervisedProducer;
import dev.vela.SupervisedProducerBuilder;
import dev.vela.Vela;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.jspecify.annotations.Nullable;

/** Publishes with Vela. */
final class VelaPublisher implements Publisher {

    private static final Duration CLOSE_DRAIN = Duration.ofSeconds(2);
    private static final Set<ProducerState> DOWN =
            EnumSet.of(ProducerState.FENCED, ProducerState.TERMINATED, ProducerState.FAILED);

    private final Vela vela;
    private final Map<Destination, SupervisedProducer<byte[]>> producers = new EnumMap<>(Destination.class);

    VelaPublisher(ApplicationSettings settings) throws PulsarClientException {
        vela = Vela.builder()
                .serviceUrl(settings.serviceUrl())
                .customizeClient(settings::customize)
                .maxPendingMessages(Destination.values().length * ApplicationSettings.MAX_PENDING)
                .build();
        start(Destination.MAIN, partitioned(settings.mainPartitions()), settings);
        start(Destination.SIDE, partitioned(settings.sidePartitions()), settings);
        start(Destination.SINGLE, vela.newProducerGroup(Schema.BYTES), settings);
    }

    private SupervisedProducerBuilder<byte[], PartitionedProducer<byte[]>> partitioned(int partitions) {
        return vela.newPartitionedProducer(Schema.BYTES)
                .partitions(partitions)
                .autoUpdatePartitionsInterval(ApplicationSettings.LOOK_FOR_PARTITIONS);
    }

    private void start(
            Destination destination,
            SupervisedProducerBuilder<byte[], ? extends SupervisedProducer<byte[]>> builder,
            ApplicationSettings settings)
            throws PulsarClientException {
        builder.topic(settings.topic(destination)).producers(settings.producers());
        new VelaSetup(settings).apply(builder);
        producers.put(destination, builder.start());
    }

    /** Returns the runtime, for the other workloads. */
    Vela vela() {
        return vela;
    }

    @Override
    public void send(Outgoing message, BiConsumer<@Nullable MessageId, @Nullable Throwable> answer) {
        SupervisedProducer<byte[]> producer = Objects.requireNonNull(producers.get(message.to()));
        SupervisedMessageBuilder<byte[]> builder =
                message.poisoned() ? producer.newMessage(new PoisonSchema()) : producer.newMessage();
        builder.timeout(message.timeout()).value(message.payload());
        String key = message.key();
        if (key != null) {
            builder.key(key);
        }
        switch (message.way()) {
            case FUTURE -> builder.sendAsync().whenComplete(answer);
            case CALLBACK -> builder.sendAsync(answer::accept);
            case BLOCKING -> {
                MessageId receipt;
                try {
                    receipt = builder.send();
                } catch (PulsarClientException e) {
                    answer.accept(null, e);
                    return;
                }
                answer.accept(receipt, null);
            }
        }
    }

    @Override
    public Answer.Kind kindOf(Throwable failure) {
        return VelaSetup.kindOf(failure);
    }

    @Override
    public void recover() {
        for (SupervisedProducer<byte[]> producer : producers.values()) {
            boolean down = producer.snapshot().groups().stream()
                    .flatMap(group -> group.producers().stream())
                    .anyMatch(child -> DOWN.contains(child.state()));
            if (down) {
                producer.restart();
            }
        }
    }

    @Override
    public long held() {
        Snapshot snapshot = vela.snapshot();
        return Math.max(snapshot.pendingMessages(), snapshot.pendingBytes());
    }

    /** Returns the whole tree, for the analysis of a leak. */
    @Override
    public String toString() {
        return vela.snapshot().toString();
    }

    @Override
    public void close() {
        vela.closeAsync(CLOSE_DRAIN).join();
    }
}
