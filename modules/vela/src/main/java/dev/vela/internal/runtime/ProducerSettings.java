package dev.vela.internal.runtime;

import dev.vela.Backoff;
import dev.vela.Batching;
import dev.vela.InFlightPolicy;
import dev.vela.KeyHash;
import dev.vela.RestartIntensity;
import dev.vela.internal.lane.Budget;
import dev.vela.internal.lane.RoomSignal;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.pulsar.client.api.CompressionType;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.ProducerBuilder;
import org.apache.pulsar.client.api.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a handle except its name, as a builder collected and checked them. Immutable.
 *
 * @param sendTimeout the timeout of messages that do not set one, or null for the defaults
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
        Consumer<? super ProducerBuilder<T>> customizer) {
    /** No customizer. */
    public static final Consumer<ProducerBuilder<?>> NO_CUSTOMIZER = builder -> {};

    /** Creates the budget for everything that the handle's producers have pending together. */
    public Budget budget(String what, RoomSignal room) {
        long bytes = maxPendingBytes > Long.MAX_VALUE / producers ? Long.MAX_VALUE : maxPendingBytes * producers;
        return new Budget(what, (long) maxPendingMessages * producers, bytes, room);
    }

    /** Whether the producers queue for exclusive access. */
    public boolean isStandby() {
        return accessMode == ProducerAccessMode.WaitForExclusive;
    }
}
