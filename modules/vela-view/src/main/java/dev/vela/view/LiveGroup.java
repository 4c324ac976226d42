package dev.vela.view;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The producers of a partition, or of a topic without partitions, as of a report.
 *
 * @param topic the partition
 * @param state a name of HandleState, or one that only a newer Vela knows
 * @param cause its last failure, if there was one
 * @param restarts how often it was restarted as a whole
 * @param pendingMessages the messages that are accepted and not answered
 * @param rate the messages stored in a second, or NaN if it is not known yet
 * @param producers its producers, all slots
 */
record LiveGroup(
        String topic,
        String state,
        @Nullable String cause,
        long restarts,
        long pendingMessages,
        double rate,
        List<LiveProducer> producers) {

    /** Of its producers in trouble the worst one whose failure is known. */
    Optional<LiveProducer> worst() {
        return producers.stream()
                .filter(producer -> Health.of(producer.state()).isTrouble() && producer.cause() != null)
                .min(LiveProducer.WORST_FIRST);
    }

    /** The failure of its worst producer if one is in trouble, or else its own last one. */
    @Nullable
    String causeToShow() {
        return worst().map(LiveProducer::cause).orElse(cause);
    }

    long oldestInFlightMillis() {
        return producers.stream()
                .mapToLong(LiveProducer::oldestInFlightMillis)
                .max()
                .orElse(0);
    }

    /** When the state of one of its producers last changed. */
    @Nullable
    Instant since() {
        return producers.stream()
                .map(LiveProducer::since)
                .filter(Objects::nonNull)
                .max(Instant::compareTo)
                .orElse(null);
    }

    /** The restarts of the group as a whole and of each of its producers. */
    long allRestarts() {
        return restarts + producers.stream().mapToLong(LiveProducer::restarts).sum();
    }
}
