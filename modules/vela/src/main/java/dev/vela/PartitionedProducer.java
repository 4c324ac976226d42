package dev.vela;

import java.util.Map;

/**
 * A {@link SupervisedProducer} of a partitioned topic: one handle in front of one {@link ProducerGroup} per partition.
 *
 * <p>Partitions that the topic gets later are found (see {@link SupervisedProducerBuilder#autoUpdatePartitions}). Until
 * all of them are ready, nothing changes: messages go to the old partitions, and {@link #partitionGroups()},
 * {@link #producers()}, {@link #getNumOfPartitions()} and {@link #state()} report only those; the new partitions appear
 * only in {@link #snapshot()}. Then routing switches to all partitions at once, and listeners are notified with
 * {@link VelaEvent.Type#PARTITIONS_GROWN}. A message with a key keeps the partition that it was routed to. A key,
 * however, may change its partition then: its later messages may be consumed before its earlier ones, since consumers
 * keep no order across partitions. The number of partitions never decreases.
 *
 * @param <T> the type of its messages
 */
public interface PartitionedProducer<T> extends SupervisedProducer<T> {
    /**
     * The group of each partition, by the partition's topic, in partition order (10 after 9). Unmodifiable; later calls
     * include partitions that are routed to later.
     *
     * <p>A message sent through such a group goes to its partition, whatever its key. The groups belong to this
     * producer: you can inspect them, send through them and restart them, but not stop them individually. A flush of a
     * group waits for messages sent through that group; a flush of this producer waits for messages sent through any of
     * its groups and through itself.
     */
    Map<String, ProducerGroup<T>> partitionGroups();
}
