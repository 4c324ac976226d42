package dev.vela.internal.pulsar;

import org.apache.pulsar.common.naming.TopicName;

/** What the client takes for the name of a topic. */
public final class TopicNames {
    private TopicNames() {}

    /** Whether it is the short or the full name of a topic, or of a partition. */
    public static boolean isValid(String name) {
        return TopicName.isValid(name);
    }
}
