package dev.vela.internal.group;

import dev.vela.internal.pulsar.TopicNames;

/** Names of topics and of their partitions. */
final class Topics {
    private static final String PARTITION = "-partition-";

    private Topics() {}

    static String partition(String topic, int index) {
        return topic + PARTITION + index;
    }

    /** The index in a partition's topic, or -1 if it is not one. */
    static int partition(String topic) {
        return TopicNames.partition(topic);
    }

    /** The topic of a partition; the topic itself if it is not one. */
    static String base(String topic) {
        return partition(topic) < 0 ? topic : topic.substring(0, topic.lastIndexOf(PARTITION));
    }
}
