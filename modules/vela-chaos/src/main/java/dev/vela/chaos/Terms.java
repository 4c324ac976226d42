package dev.vela.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What was promised, given what the run did to its own data.
 *
 * @param deduplicated whether no message may be stored twice
 * @param wipes the topics that were deleted on purpose
 * @param grown the topics that were given more partitions, on which keys may move
 * @param slack how much later than its timeout an answer may come on a busy machine
 */
record Terms(boolean deduplicated, List<Wipe> wipes, Set<String> grown, Duration slack) {

    /**
     * A topic was deleted and made again.
     *
     * @param topic without partition
     * @param endMillis when it was there again, in milliseconds of the epoch; what was sent before may be gone
     */
    record Wipe(String topic, long endMillis) {}

    /** Whether a message may have been stored and then deleted with its topic. */
    boolean mayBeWiped(Sent sent) {
        return wipes.stream()
                .anyMatch(wipe -> wipe.topic().equals(sent.topic()) && sent.atMillis() <= wipe.endMillis());
    }
}
