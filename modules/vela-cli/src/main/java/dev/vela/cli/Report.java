package dev.vela.cli;

import dev.vela.Snapshot;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The results of a run.
 *
 * @param topic the topic as given
 * @param counts the counts of sent and answered messages
 * @param verdict the verdict of reading back; null if nothing was read back
 * @param partitions the receipts for each partition, by its name; for the topic itself if it has no partitions
 * @param latencyP50Micros from send to receipt
 * @param latencyP99Micros from send to receipt
 * @param restarts the number of restarts of producers and groups
 * @param lastCause the cause for which a producer last went down
 */
record Report(
        String topic,
        Tally.Counts counts,
        @Nullable Verdict verdict,
        Map<String, Long> partitions,
        long latencyP50Micros,
        long latencyP99Micros,
        long restarts,
        Optional<Throwable> lastCause) {

    private static final double P50 = 50;
    private static final double P99 = 99;

    /** Creates the report of a run that never began, or has just ended. */
    static Report of(
            String topic, int partitions, Tally tally, @Nullable Verdict verdict, Optional<Snapshot.Topic> tree) {
        return new Report(
                topic,
                tally.counts(),
                verdict,
                byName(topic, partitions, tally.partitions()),
                tally.latencyMicros(P50),
                tally.latencyMicros(P99),
                tree.map(Report::restarts).orElse(0L),
                tree.flatMap(Report::lastCause));
    }

    private static Map<String, Long> byName(String topic, int partitions, SortedMap<Integer, Long> receipts) {
        Map<String, Long> named = new LinkedHashMap<>();
        if (partitions == 0) {
            named.put(
                    topic, receipts.values().stream().mapToLong(Long::longValue).sum());
            return named;
        }
        for (int i = 0; i < partitions; i++) {
            named.put(topic + "-partition-" + i, receipts.getOrDefault(i, 0L));
        }
        return named;
    }

    private static long restarts(Snapshot.Topic topic) {
        return topic.restarts()
                + topic.groups().stream()
                        .mapToLong(group -> group.restarts()
                                + group.producers().stream()
                                        .mapToLong(Snapshot.Producer::restarts)
                                        .sum())
                        .sum();
    }

    private static Optional<Throwable> lastCause(Snapshot.Topic topic) {
        Stream<Optional<Throwable>> producers = topic.groups().stream()
                .flatMap(group -> Stream.concat(
                        group.producers().stream().map(Snapshot.Producer::lastCause), Stream.of(group.lastCause())));
        return Stream.concat(producers, Stream.of(topic.lastCause()))
                .flatMap(Optional::stream)
                .findFirst();
    }
}
