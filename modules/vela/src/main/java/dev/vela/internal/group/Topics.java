package dev.vela.internal.group;

/** Names of topics and of their partitions. */
final class Topics {
    private static final String PARTITION = "-partition-";

    private Topics() {}

    static String partition(String topic, int index) {
        return topic + PARTITION + index;
    }

    /** The index in a partition's topic, or -1 if it is not one. */
    static int partition(String topic) {
        int at = topic.lastIndexOf(PARTITION);
        String digits = at < 0 ? "" : topic.substring(at + PARTITION.length());
        if (digits.isEmpty() || digits.length() > 9 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        return Integer.parseInt(digits);
    }

    /** The topic of a partition; the topic itself if it is not one. */
    static String base(String topic) {
        return partition(topic) < 0 ? topic : topic.substring(0, topic.lastIndexOf(PARTITION));
    }
}
