package dev.vela.view;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A row of the tree: a runtime, a supervised producer, the group of a partition, or an official producer.
 *
 * @param key what the row is of; the same from one report to the next
 * @param label its name in the tree
 * @param fullName its full name: topic, partition or producer
 * @param state its state, empty for a runtime
 * @param since since when it is in that state, if that is known
 * @param rate the messages stored in a second, NaN if that is not known
 * @param pending the messages that are accepted and not answered
 * @param oldestMillis for how long the oldest message in flight has been
 * @param restarts how often it was restarted, with all below it
 * @param cause its last failure, or that of the worst producer below it in trouble, or empty
 * @param broker the broker's address, or empty
 * @param target what a restart of it restarts; null for a runtime
 * @param children the rows below it, in the order of the report
 */
record TopRow(
        String key,
        String label,
        String fullName,
        String state,
        @Nullable Instant since,
        double rate,
        long pending,
        long oldestMillis,
        long restarts,
        String cause,
        String broker,
        @Nullable Target target,
        List<TopRow> children) {

    /**
     * A supervised producer that can be restarted.
     *
     * @param instance the runtime's instance
     * @param name its name in the runtime
     * @param allowed whether the application lets a viewer restart it
     */
    record Target(String instance, String name, boolean allowed) {}

    private static final String PARTITION = "-partition-";

    /** Returns the rows of the highest level: the supervised producers, or the runtimes if there are several. */
    static List<TopRow> of(List<LiveRuntime> runtimes) {
        if (runtimes.size() == 1) {
            LiveRuntime only = runtimes.get(0);
            return topics(only, only.name());
        }
        List<TopRow> rows = new ArrayList<>();
        Map<String, Integer> named = new HashMap<>();
        for (LiveRuntime runtime : runtimes) {
            // By name, not by instance: an application that is restarted keeps its rows.
            rows.add(runtime(runtime, runtime.name() + '\n' + named.merge(runtime.name(), 1, Integer::sum)));
        }
        return rows;
    }

    private static TopRow runtime(LiveRuntime runtime, String key) {
        List<TopRow> topics = topics(runtime, key);
        return new TopRow(
                key,
                runtime.name(),
                "runtime " + runtime.name(),
                "",
                runtime.startedAt(),
                topics.stream()
                        .mapToDouble(TopRow::rate)
                        .filter(rate -> !Double.isNaN(rate))
                        .reduce(Double::sum)
                        .orElse(Double.NaN),
                runtime.pendingMessages(),
                topics.stream().mapToLong(TopRow::oldestMillis).max().orElse(0),
                topics.stream().mapToLong(TopRow::restarts).sum(),
                "",
                "",
                null,
                topics);
    }

    private static List<TopRow> topics(LiveRuntime runtime, String parent) {
        return runtime.topics().stream()
                .sorted(Comparator.comparing(LiveTopic::name))
                .map(topic -> topic(runtime, parent, topic))
                .toList();
    }

    private static TopRow topic(LiveRuntime runtime, String parent, LiveTopic topic) {
        Target target = new Target(runtime.instance(), topic.name(), runtime.restartAllowed());
        String key = parent + '\n' + topic.name();
        List<LiveGroup> groups = topic.groups();
        // A topic without partitions has one group of the same name, which would tell nothing more.
        boolean partitioned = groups.size() != 1 || !groups.get(0).topic().equals(topic.topic());
        return new TopRow(
                key,
                label(topic.name()),
                topic.topic(),
                topic.state(),
                topic.since(),
                topic.rate(),
                topic.pendingMessages(),
                topic.oldestInFlightMillis(),
                topic.allRestarts(),
                orEmpty(topic.causeToShow()),
                "",
                target,
                partitioned
                        ? groups.stream()
                                .map(group -> group(group, topic, key, target))
                                .toList()
                        : producers(groups.get(0), key, target));
    }

    /** Most topics begin alike. */
    private static String label(String name) {
        return name.replaceFirst("(^| )persistent://(public/default/)?", "$1");
    }

    private static TopRow group(LiveGroup group, LiveTopic topic, String parent, Target target) {
        String key = parent + '\n' + group.topic();
        String prefix = topic.topic() + PARTITION;
        return new TopRow(
                key,
                group.topic().startsWith(prefix)
                        ? "partition " + group.topic().substring(prefix.length())
                        : group.topic(),
                group.topic(),
                group.state(),
                group.since(),
                group.rate(),
                group.pendingMessages(),
                group.oldestInFlightMillis(),
                group.allRestarts(),
                orEmpty(group.causeToShow()),
                "",
                target,
                producers(group, key, target));
    }

    private static List<TopRow> producers(LiveGroup group, String parent, Target target) {
        return group.producers().stream()
                .map(producer -> new TopRow(
                        // Its place, not its name: a producer that starts has no name yet.
                        parent + '\n' + '#' + producer.index(),
                        producer.name().isEmpty() ? "producer " + producer.index() : label(producer.name()),
                        producer.name().isEmpty() ? "producer " + producer.index() : producer.name(),
                        producer.state(),
                        producer.since(),
                        Double.NaN,
                        producer.inFlight(),
                        producer.oldestInFlightMillis(),
                        producer.restarts(),
                        orEmpty(producer.cause()),
                        orEmpty(producer.broker()),
                        target,
                        List.<TopRow>of()))
                .toList();
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    /** Whether a text, in lower case, occurs in its name, state or broker. */
    boolean matches(String text) {
        return contains(label, text) || contains(fullName, text) || contains(state, text) || contains(broker, text);
    }

    private static boolean contains(String whole, String text) {
        return whole.toLowerCase(Locale.ROOT).contains(text);
    }
}
