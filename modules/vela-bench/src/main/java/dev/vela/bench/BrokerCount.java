package dev.vela.bench;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The broker's count of the messages that it received. */
final class BrokerCount {

    private static final Pattern MESSAGES_IN = Pattern.compile("\"msgInCounter\"\\s*:\\s*(\\d+)");

    private BrokerCount() {}

    /**
     * Compares the statistics of a topic with the number of acknowledged messages.
     *
     * @throws IllegalStateException if they differ
     */
    static void check(String topicStats, long acknowledged) {
        Matcher matcher = MESSAGES_IN.matcher(topicStats);
        String counted = matcher.find() ? matcher.group(1) : "none";
        if (!counted.equals(Long.toString(acknowledged))) {
            throw new IllegalStateException(
                    acknowledged + " messages were acknowledged, but the broker counted " + counted);
        }
    }
}
