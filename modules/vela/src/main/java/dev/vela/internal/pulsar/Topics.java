package dev.vela.internal.pulsar;

import org.apache.pulsar.common.naming.TopicName;

/** Names of topics and of their partitions, as the client reads them. */
public final class Topics {
    private static final String PARTITION = "-partition-";

    private Topics() {}

    /** Whether this is a short or full name of a topic, or of a partition. */
    public static boolean isValid(String name) {
        return TopicName.isValid(name);
    }

    /** Whether the broker stores the topic's messages before it acknowledges them. */
    public static boolean isPersistent(String name) {
        return TopicName.get(name).isPersistent();
    }

    /** The name of a partition. */
    public static String partition(String topic, int index) {
        return topic + PARTITION + index;
    }

    /**
     * The index in the name of a partition; -1 for the name of a topic. A number with a leading zero is no index: a
     * topic with such a name is a separate topic.
     */
    public static int partition(String name) {
        return TopicName.getPartitionIndex(name);
    }

    /** The topic of a partition; the topic itself if the name is not a partition's. */
    public static String base(String topic) {
        return partition(topic) < 0 ? topic : topic.substring(0, topic.lastIndexOf(PARTITION));
    }
}
