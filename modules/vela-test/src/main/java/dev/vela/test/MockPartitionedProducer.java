package dev.vela.test;

import dev.vela.PartitionedProducer;
import dev.vela.ProducerGroup;
import dev.vela.internal.pulsar.Topics;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** A mock of a partitioned topic. The group of each partition is a mock of its own. */
final class MockPartitionedProducer<T> extends MockSupervisedProducer<T> implements PartitionedProducer<T> {
    private final Map<String, ProducerGroup<T>> groups = new LinkedHashMap<>();

    MockPartitionedProducer(MockSettings<T> settings, Runnable whenStopped) {
        super(settings, whenStopped);
        for (int i = 0; i < settings.partitions(); i++) {
            String partition = Topics.partition(settings.topic(), i);
            groups.put(partition, new MockProducerGroup<>(settings.ofPartition(partition), () -> {}));
        }
    }

    @Override
    public Map<String, ProducerGroup<T>> partitionGroups() {
        return Collections.unmodifiableMap(groups);
    }
}
