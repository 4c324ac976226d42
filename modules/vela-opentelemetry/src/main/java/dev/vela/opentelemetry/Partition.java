package dev.vela.opentelemetry;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The topic of a partition is named after the topic and the partition's number. */
final class Partition {
    private static final Pattern NAME = Pattern.compile("(.+)-partition-(\\d+)");

    private Partition() {}

    /** The number of the partition with this topic, or null if it is none. */
    static @Nullable String idOf(String topic) {
        Matcher matcher = NAME.matcher(topic);
        return matcher.matches() ? matcher.group(2) : null;
    }

    /** The topic that a partition is part of; the topic itself if it is no partition. */
    static String topicOf(String topic) {
        Matcher matcher = NAME.matcher(topic);
        return matcher.matches() ? matcher.group(1) : topic;
    }
}
