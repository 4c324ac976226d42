package dev.vela;

import java.util.Map;

/**
 * A {@link SupervisedProducer} of a partitioned topic: one {@link ProducerGroup} for each partition, one handle in front.
 *
 * <p>Partitions that the topic gets later are found (see {@link SupervisedProducerBuilder#autoUpdatePartitions}). Until all
 * of them are ready, everything is as before: messages go to the old ones, and so say {@link #partitionGroups()},
 * {@link #producers()}, {@link #getNumOfPartitions()} and {@link #state()}; the new ones are in {@link #snapshot()} alone.
 * Then all are routed to from one moment to the next, and {@link VelaEvent.Type#PARTITIONS_GROWN} is told. A message
 * with a key keeps the partition that it was routed to. A key may change its partition then: what is sent with it afterwards
 * may be consumed before what was sent with it until then, since consumers keep no order over partitions. Partitions never
 * become fewer.
 *
 * @param <T> the type of its messages
 */
public interface PartitionedProducer<T> extends SupervisedProducer<T> {
    /**
     * The group of each partition, by the partition's topic, in partition order (10 after 9). Unmodifiable; partitions
     * that are routed to later are in a later answer.
     *
     * <p>A message sent through such a group goes to its partition, whatever its key. The groups belong to this
     * producer: they can be looked at, sent through and restarted, but not stopped on their own. A flush of a group waits for
     * what was sent through that group, a flush of this producer for that and for what was sent through itself.
     */
    Map<String, ProducerGroup<T>> partitionGroups();
}
