package dev.vela.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was promised, given what the run did to its own data.
 *
 * @param deduplicated whether no message may be stored twice: the broker deduplicates, and no message is cut into chunks
 * @param wipes the topics that were deleted on purpose
 * @param grown the topics that were given more partitions, on which keys may move
 * @param leadership what is promised of a topic with one leader at a time; null if there is none
 * @param failures when brokers failed to write
 * @param blackouts when no new producer could be made, whatever became of those that were there
 * @param slack how much later than its timeout an answer may come on a busy machine
 */
record Promises(
        boolean deduplicated,
        List<Wipe> wipes,
        Set<String> grown,
        @Nullable Leadership leadership,
        WriteFailures failures,
        List<Blackout> blackouts,
        Duration slack) {

    /** Creates terms without a topic that has one leader at a time. */
    Promises(boolean deduplicated, List<Wipe> wipes, Set<String> grown, Duration slack) {
        this(deduplicated, wipes, grown, null, new WriteFailures(), List.of(), slack);
    }

    /**
     * A topic has one leader at a time.
     *
     * @param topic which topic
     * @param fencing whether a leader that was fenced stays down until it is started again by hand; otherwise it waits for
     *     its turn, but sends nothing then that it was given before
     */
    record Leadership(String topic, boolean fencing) {}

    /** A period, in milliseconds of the epoch. */
    record Blackout(long beginMillis, long endMillis) {}

    /**
     * A topic was deleted and made again.
     *
     * @param topic without partition
     * @param endMillis when it was there again, in milliseconds of the epoch; what was sent before may be gone
     */
    record Wipe(String topic, long endMillis) {}

    /** Whether no new producer could be made at some moment of this period. */
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
