package dev.vela.opentelemetry;

import dev.vela.HandleState;
import dev.vela.ProducerState;
import dev.vela.Snapshot;
import dev.vela.Vela;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.BatchCallback;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.metrics.ObservableDoubleMeasurement;
import io.opentelemetry.api.metrics.ObservableLongMeasurement;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The gauges of a runtime: each collection takes one snapshot. Thread-safe. */
final class Gauges {
    private static final double NANOS_PER_SECOND = 1e9;

    private final Vela vela;
    private final boolean hasPartitions;
    private final Attributes runtime;

    private final ObservableLongMeasurement runtimeMessages;
    private final ObservableLongMeasurement runtimeBytes;
    private final ObservableLongMeasurement messagesLimit;
    private final ObservableLongMeasurement bytesLimit;
    private final ObservableLongMeasurement pendingMessages;
    private final ObservableLongMeasurement pendingBytes;
    private final ObservableLongMeasurement waiting;
    private final ObservableDoubleMeasurement oldest;
    private final ObservableLongMeasurement producers;
    private final ObservableLongMeasurement state;
    private final ObservableLongMeasurement partitions;
    private final BatchCallback callback;

    Gauges(Vela vela, Meter meter, boolean hasPartitions) {
        this.vela = vela;
        this.hasPartitions = hasPartitions;
        this.runtime = Attributes.of(Names.RUNTIME, vela.name());
        runtimeMessages = gauge(
                meter, "vela.runtime.pending.messages", "{message}", "Messages of all producers that have no answer");
        runtimeBytes = gauge(meter, "vela.runtime.pending.bytes", "By", "The size of those messages");
        messagesLimit = gauge(meter, "vela.runtime.pending.messages.limit", "{message}", "How many there may be");
        bytesLimit = gauge(meter, "vela.runtime.pending.bytes.limit", "By", "How large they may be");
        pendingMessages = gauge(meter, "vela.pending.messages", "{message}", "Messages that have no answer");
        pendingBytes = gauge(meter, "vela.pending.bytes", "By", "The size of those messages");
        waiting = gauge(meter, "vela.waiting", "{message}", "Messages that no official producer can take");
        producers = gauge(meter, "vela.producers", "{producer}", "Official producers, by state");
        state = gauge(meter, "vela.state", "1", "1 for the state that it is in, 0 for the others");
        partitions = gauge(
                meter,
                "vela.partitions",
                "{partition}",
                "Partitions that messages are routed to, and all that are known");
        oldest = meter.gaugeBuilder("vela.inflight.oldest")
                .setUnit("s")
                .setDescription("How long the oldest message in flight has been so")
                .buildObserver();
        callback = meter.batchCallback(
                this::collect,
                runtimeMessages,
                runtimeBytes,
                messagesLimit,
                bytesLimit,
                pendingMessages,
                pendingBytes,
                waiting,
                oldest,
                producers,
                state,
                partitions);
    }

    private static ObservableLongMeasurement gauge(Meter meter, String name, String unit, String description) {
        return meter.gaugeBuilder(name)
                .ofLongs()
                .setUnit(unit)
                .setDescription(description)
                .buildObserver();
    }

    private void collect() {
        Snapshot snapshot = vela.snapshot();
        runtimeMessages.record(snapshot.pendingMessages(), runtime);
        runtimeBytes.record(snapshot.pendingBytes(), runtime);
        messagesLimit.record(snapshot.maxPendingMessages(), runtime);
        bytesLimit.record(snapshot.maxPendingBytes(), runtime);
        snapshot.topics().forEach(this::collect);
    }

    private void collect(Snapshot.Topic topic) {
        Attributes attributes = runtime.toBuilder()
                .put(Names.NAME, topic.name())
                .put(Names.DESTINATION, topic.topic())
                .build();
        for (HandleState each : HandleState.values()) {
            state.record(each == topic.state() ? 1 : 0, with(attributes, Names.text(each)));
        }
        if (topic.partitions() > 0) {
            partitions.record(
                    topic.partitions(),
                    attributes.toBuilder().put(Names.KIND, "routed").build());
            partitions.record(
                    topic.groups().size(),
                    attributes.toBuilder().put(Names.KIND, "known").build());
        }
        if (hasPartitions) {
            topic.groups().forEach(group -> {
                Attributes its = ofPartition(attributes, group);
                pendingMessages.record(group.pendingMessages(), its);
                waiting.record(group.waiting(), its);
                collect(List.of(group), its);
            });
        } else {
            pendingMessages.record(topic.pendingMessages(), attributes);
            waiting.record(topic.waiting(), attributes);
            collect(topic.groups(), attributes);
        }
    }

    private static Attributes ofPartition(Attributes attributes, Snapshot.Group group) {
        String partition = Partition.idOf(group.topic());
        return partition == null
                ? attributes
                : attributes.toBuilder().put(Names.PARTITION, partition).build();
    }

    private static Attributes with(Attributes attributes, String state) {
        return attributes.toBuilder().put(Names.STATE, state).build();
    }

    /** Records the sums over groups. */
    private void collect(List<Snapshot.Group> groups, Attributes attributes) {
        pendingBytes.record(
                groups.stream().mapToLong(Snapshot.Group::pendingBytes).sum(), attributes);
        Map<ProducerState, Integer> inState = new EnumMap<>(ProducerState.class);
        Duration longest = Duration.ZERO;
        for (Snapshot.Group group : groups) {
            for (Snapshot.Producer producer : group.producers()) {
                inState.merge(producer.state(), 1, Integer::sum);
                Duration its = producer.oldestInFlight();
                longest = its.compareTo(longest) > 0 ? its : longest;
            }
        }
        oldest.record(longest.toNanos() / NANOS_PER_SECOND, attributes);
        for (ProducerState each : ProducerState.values()) {
            producers.record(inState.getOrDefault(each, 0), with(attributes, Names.text(each)));
        }
    }

    void close() {
        callback.close();
    }
}
