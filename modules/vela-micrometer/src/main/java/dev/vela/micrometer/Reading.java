package dev.vela.micrometer;

import dev.vela.HandleState;
import dev.vela.ProducerState;
import dev.vela.Snapshot;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the gauges of one producer show at one moment. Immutable. */
final class Reading {
    /** Of a producer that is not in the snapshot: nothing. */
    static final Reading NOTHING = new Reading(null);

    private final String topic;
    private final @Nullable HandleState state;
    private final Map<ProducerState, Integer> producers = new EnumMap<>(ProducerState.class);
    private final long pendingMessages;
    private final long pendingBytes;
    private final int waiting;
    private final long oldestNanos;
    private final int routed;
    private final int known;

    private Reading(Snapshot.@Nullable Topic its) {
        long bytes = 0;
        long oldest = 0;
        if (its != null) {
            for (Snapshot.Group group : its.groups()) {
                bytes += group.pendingBytes();
                for (Snapshot.Producer producer : group.producers()) {
                    producers.merge(producer.state(), 1, Integer::sum);
                    oldest = Math.max(oldest, producer.oldestInFlight().toNanos());
                }
            }
        }
        topic = its == null ? "" : its.topic();
        state = its == null ? null : its.state();
        pendingMessages = its == null ? 0 : its.pendingMessages();
        pendingBytes = bytes;
        waiting = its == null ? 0 : its.waiting();
        oldestNanos = oldest;
        routed = its == null ? 0 : its.partitions();
        known = routed == 0 || its == null ? 0 : its.groups().size();
    }

    static Reading of(Snapshot.Topic topic) {
        return new Reading(topic);
    }

    String topic() {
        return topic;
    }

    /** Null if the producer is not in the snapshot. */
    @Nullable
    HandleState state() {
        return state;
    }

    /** How many of its official producers are in a state. */
    int producers(ProducerState in) {
        return producers.getOrDefault(in, 0);
    }

    long pendingMessages() {
        return pendingMessages;
    }

    long pendingBytes() {
        return pendingBytes;
    }

    int waiting() {
        return waiting;
    }

    long oldestNanos() {
        return oldestNanos;
    }

    /** The partitions that messages are routed to; 0 for a topic without partitions. */
    int routedPartitions() {
        return routed;
    }

    /** Those, and new ones that are not all ready yet. */
    int knownPartitions() {
        return known;
    }
}
