package dev.vela.internal.pulsar;

import org.apache.pulsar.common.naming.TopicName;

/** What the client takes for the name of a topic. */
public final class TopicNames {
    private TopicNames() {}

    /** Whether it is the short or the full name of a topic, or of a partition. */
    public static boolean isValid(String name) {
        return TopicName.isValid(name);
    }

    /**
     * The index in the name of a partition; -1 for the name of a topic. A number with a leading zero is no index: such a
     * topic is one of its own.
     */
    public static int partition(String name) {
        return TopicName.getPartitionIndex(name);
    }
}
