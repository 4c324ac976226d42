package dev.vela.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The promises that hold in a run, given its faults.
 *
 * @param deduplicated whether no message may be stored twice: the broker deduplicates, and no message is split into
 *     chunks
 * @param wipes the intended deletions of topics
 * @param grown the topics that got more partitions, so that keys may move
 * @param leadership the promise for a topic with one leader at a time; null without such a topic
 * @param failures the times at which brokers failed to write
 * @param blackouts the periods in which no new producer could be created, whatever happened to existing producers
 * @param slack the maximum delay of an answer beyond its timeout, on a busy machine
 */
record Promises(
        boolean deduplicated,
        List<Wipe> wipes,
        Set<String> grown,
        @Nullable Leadership leadership,
        WriteFailures failures,
        List<Blackout> blackouts,
        Duration slack) {

    /** Creates promises without a topic that has one leader at a time. */
    Promises(boolean deduplicated, List<Wipe> wipes, Set<String> grown, Duration slack) {
        this(deduplicated, wipes, grown, null, new WriteFailures(), List.of(), slack);
    }

    /**
     * The promise that a topic has one leader at a time.
     *
     * @param topic the topic
     * @param fencing whether a fenced leader stays down until it is restarted by hand; otherwise the leader waits for
     *     its turn, but then does not send messages that it was given before
     */
    record Leadership(String topic, boolean fencing) {}

    /** A period, in milliseconds of the epoch. */
    record Blackout(long beginMillis, long endMillis) {}

    /**
     * A deletion of a topic that was then created again.
     *
     * @param topic the topic, without partition
     * @param endMillis the time when the topic existed again, in milliseconds of the epoch; messages sent before may be
     *     gone
     */
    record Wipe(String topic, long endMillis) {}

    /** Whether no new producer could be created at some moment of this period. */
    boolean isBlackout(long beginMillis, long endMillis) {
        return blackouts.stream()
                .anyMatch(blackout -> blackout.beginMillis() <= endMillis && blackout.endMillis() >= beginMillis);
    }

    /** Whether a message may have been stored and then deleted with its topic. */
    boolean mayBeWiped(Sent sent) {
        return wipes.stream()
                .anyMatch(wipe -> wipe.topic().equals(sent.topic()) && sent.atMillis() <= wipe.endMillis());
    }
}
