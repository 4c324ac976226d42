package dev.vela.internal.root;

import dev.vela.internal.checks.Checks;
import dev.vela.internal.runtime.RuntimeResources;
import dev.vela.internal.runtime.TopicKind;
import java.time.Duration;
import java.util.Objects;
import org.apache.pulsar.client.api.MessageRouter;
import org.apache.pulsar.client.api.MessageRoutingMode;
import org.jspecify.annotations.Nullable;

/** Collects and checks the settings that only a topic with partitions uses. */
final class PartitionSettings {
    private static final int MOST_PARTITIONS = 100_000;

    private final TopicKind kind;
    private Duration defaultGrowthInterval = Duration.ofSeconds(60);
    private int number; // 0 to look it up
    private @Nullable Boolean grows;
    private @Nullable Duration growthInterval;
    private @Nullable MessageRoutingMode routingMode;
    private @Nullable MessageRouter router;

    PartitionSettings(TopicKind kind) {
        this.kind = kind;
    }

    void number(int partitions) {
        Checks.inRange("partitions", 1, MOST_PARTITIONS, partitions);
        if (kind != TopicKind.PARTITIONED) {
            throw new IllegalStateException("partitions needs newPartitionedProducer, was " + partitions + " for "
                    + (kind == TopicKind.GROUP ? "newProducerGroup" : "newProducer"));
        }
        number = partitions;
    }

    void grows(boolean enabled) {
        refuseForGroup("autoUpdatePartitions", enabled);
        grows = enabled;
    }

    void growthInterval(Duration interval) {
        Checks.atLeast("autoUpdatePartitionsInterval", RuntimeResources.TICK, interval);
        refuseForGroup("autoUpdatePartitionsInterval", interval);
        growthInterval = interval;
    }

    /** How often to look, unless something else is said. */
    void defaultGrowthInterval(Duration interval) {
        defaultGrowthInterval = interval;
    }

    void routingMode(MessageRoutingMode mode) {
        Objects.requireNonNull(mode, "mode");
        refuseForGroup("messageRoutingMode", mode);
        routingMode = mode;
    }

    void router(MessageRouter given) {
        Objects.requireNonNull(given, "router");
        refuseForGroup("messageRouter", given);
        router = given;
    }

    private void refuseForGroup(String setter, Object value) {
        if (kind == TopicKind.GROUP) {
            throw new IllegalStateException(
                    setter + " needs a topic with partitions, was " + Checks.text(value) + " for newProducerGroup");
        }
    }

    /** Checks the combination of the settings. */
    void check() {
        if (growthInterval != null && Boolean.FALSE.equals(grows)) {
            throw new IllegalStateException("autoUpdatePartitionsInterval needs autoUpdatePartitions to be on, was "
                    + Checks.text(growthInterval) + " with autoUpdatePartitions off");
        }
        if (router == null && routingMode == MessageRoutingMode.CustomPartition) {
            throw new IllegalStateException("messageRoutingMode CustomPartition needs a messageRouter, was given none");
        }
        if (router != null && routingMode != null && routingMode != MessageRoutingMode.CustomPartition) {
            throw new IllegalStateException(
                    "messageRouter needs messageRoutingMode to be CustomPartition, was " + routingMode);
        }
    }

    /** The given number of partitions; 0 to look it up. */
    int number() {
        return number;
    }

    @Nullable
    MessageRouter router() {
        return router;
    }

    /** Whether messages without a key stay on one partition as long as it is healthy. */
    boolean keepsPartition() {
        return routingMode == MessageRoutingMode.SinglePartition;
    }

    /**
     * How often to look for more partitions; null for never. By default, a number of partitions that was looked up is
     * looked up again, and a number that was given is not.
     */
    @Nullable
    Duration growthInterval() {
        if (growthInterval != null) {
            return growthInterval;
        }
        boolean enabled = grows == null ? number == 0 : grows;
        return enabled ? defaultGrowthInterval : null;
    }
}
