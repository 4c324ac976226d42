package dev.vela;

import java.util.Map;

/**
 * A {@link SupervisedProducer} of a partitioned topic: one {@link ProducerGroup} for each partition, one handle in front.
 *
 * @param <T> the type of its messages
 */
public interface PartitionedProducer<T> extends SupervisedProducer<T> {
    /**
     * The group of each partition, by the partition's topic, in partition order (10 after 9). Unmodifiable.
     *
     * <p>A message sent through such a group goes to its partition, whatever its key. The groups belong to this
     * producer: they can be looked at, sent through and restarted, but not stopped on their own.
     */
    Map<String, ProducerGroup<T>> partitionGroups();
}
