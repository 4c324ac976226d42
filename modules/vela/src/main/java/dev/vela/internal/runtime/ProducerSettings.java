package dev.vela.internal.runtime;

import dev.vela.Backoff;
import dev.vela.Batching;
import dev.vela.InFlightPolicy;
import dev.vela.KeyHash;
import dev.vela.NoProducersAvailableException;
import dev.vela.RestartIntensity;
import dev.vela.internal.lane.Budget;
import dev.vela.internal.lane.RoomSignal;
import dev.vela.internal.pulsar.OfficialFailure;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.pulsar.client.api.CompressionType;
import org.apache.pulsar.client.api.MessageRouter;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.ProducerBuilder;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a handle except its name, as a builder collected and checked them. Immutable.
 *
 * @param keepsPartition whether messages without a key stay on one partition as long as it is healthy
 * @param router chooses the partition of each message, or null
 * @param sendTimeout the timeout of messages that do not set one, or null for the defaults
 * @param official present if the handle stands in for an official producer
 */
public record ProducerSettings<T>(
        Schema<T> schema,
        String topic,
        int producers,
        ProducerAccessMode accessMode,
        @Nullable CompressionType compression,
        @Nullable Boolean chunking,
        int chunkMaxMessageSize,
        @Nullable Batching batching,
        KeyHash keyHash,
        boolean keepsPartition,
        @Nullable MessageRouter router,
        boolean failFast,
        boolean blockIfQueueFull,
        @Nullable Duration sendTimeout,
        int maxPendingMessages,
        long maxPendingBytes,
        InFlightPolicy inFlightPolicy,
        RestartIntensity restartIntensity,
        Backoff backoff,
        Duration disconnectedLimit,
        Backoff refusedBackoff,
        Duration startupDelay,
        Duration startupJitter,
        boolean stableNames,
        Consumer<? super ProducerBuilder<T>> customizer,
        @Nullable OfficialTerms official) {
    /** No customizer. */
    public static final Consumer<ProducerBuilder<?>> NO_CUSTOMIZER = builder -> {};

    /**
     * Creates the budget for everything that the producers of one partition have pending together.
     *
     * @param partitions the number of partitions that share the limits of the whole handle; 0 for a topic of its own
     */
    public Budget budget(String what, RoomSignal room, int partitions) {
        long messages = (long) maxPendingMessages * producers;
        if (official != null && partitions > 0 && official.maxPendingAcrossPartitions() > 0) {
            messages = Math.max(1, Math.min(messages, official.maxPendingAcrossPartitions() / partitions));
        }
        long bytes = maxPendingBytes > Long.MAX_VALUE / producers ? Long.MAX_VALUE : maxPendingBytes * producers;
        return new Budget(what, messages, bytes, room);
    }

    /** The failure that the application gets: where it knows official producers only, one of theirs. */
    public PulsarClientException told(PulsarClientException failure) {
        return official == null ? failure : OfficialFailure.of(failure);
    }

    /** The failure of a message that found no producer within its timeout, as the application gets it. */
    public PulsarClientException expired(NoProducersAvailableException failure) {
        return official == null ? failure : OfficialFailure.ofTimeout(failure);
    }

    /** Whether messages wait, as those of an official producer do, while the producers queue for exclusive access. */
    public boolean waitsForAccess() {
        return official != null;
    }

    /** Whether the handle must not exist before a broker has told the partitions of its topic. */
    public boolean waitsForBroker() {
        return official == null || official.waitsForBroker();
    }

    /** Whether the producers queue for exclusive access. */
    public boolean isStandby() {
        return accessMode == ProducerAccessMode.WaitForExclusive;
    }
}
