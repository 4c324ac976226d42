package dev.vela.view;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A supervised producer, as of a report.
 *
 * @param name its name in the runtime
 * @param topic its topic
 * @param state a name of HandleState, or one that only a newer Vela knows
 * @param since since when it is in that state
 * @param cause its last failure, if there was one
 * @param restarts how often it was restarted as a whole
 * @param pendingMessages the messages that are accepted and not answered
 * @param groups a group for each partition
 */
record LiveTopic(
        String name,
        String topic,
        String state,
        @Nullable Instant since,
        @Nullable String cause,
        long restarts,
        long pendingMessages,
        List<LiveGroup> groups) {

    /** The messages stored in a second, or NaN if it is not known of any group. */
    double rate() {
        return groups.stream()
                .mapToDouble(LiveGroup::rate)
                .filter(rate -> !Double.isNaN(rate))
                .reduce(Double::sum)
                .orElse(Double.NaN);
    }

    /**
     * The failure of its worst official producer if one is in trouble, or else its own last one, or that of a group that
     * is not up.
     */
    @Nullable
    String causeToShow() {
        return groups.stream()
                .flatMap(group -> group.worst().stream())
                .min(LiveProducer.WORST_FIRST)
                .map(LiveProducer::cause)
                .or(() -> Optional.ofNullable(cause))
                .or(() -> groups.stream()
                        .filter(group -> Health.of(group.state()) != Health.UP && group.cause() != null)
                        .findFirst()
                        .map(LiveGroup::cause))
                .orElse(null);
    }

    long oldestInFlightMillis() {
        return groups.stream().mapToLong(LiveGroup::oldestInFlightMillis).max().orElse(0);
    }

    /** The restarts of the producer as a whole, and of all below it. */
    long allRestarts() {
        return restarts + groups.stream().mapToLong(LiveGroup::allRestarts).sum();
    }
}
