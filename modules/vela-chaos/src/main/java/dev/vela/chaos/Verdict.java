package dev.vela.chaos;

import java.util.List;

/**
 * The verdict on a run.
 *
 * @param sent messages that were given to the producer
 * @param stored messages answered as stored
 * @param failed messages answered as certainly not stored
 * @param unknown messages answered as of unknown outcome
 * @param unknownStored messages of unknown outcome that are stored
 * @param lost messages answered as stored, but not found
 * @param dropped messages answered as duplicates, but not found, because a broker had failed to write meanwhile: the
 *     broker's fault
 * @param duplicated copies beyond the first
 * @param outOfOrder messages stored behind a later message of the same thread and key, or outside the partition of
 *     their key
 * @param unanswered messages not answered in time, or not at all
 * @param leaked messages or bytes still held after the last answer
 * @param dishonest messages that were reported as not stored but found, not where their receipt says, altered, or never
 *     sent
 * @param abandoned messages sent by a handle that was closed right afterwards, and given up before the close had to
 *     end, though the broker stored other messages meanwhile
 * @param usurped messages stored by a leader whose reign was over
 * @param torn transactions that are visible in part, or although they were aborted
 * @param deduplicated whether duplicates count as violations
 * @param examples the first few violations, in words
 */
record Verdict(
        long sent,
        long stored,
        long failed,
        long unknown,
        long unknownStored,
        long lost,
        long dropped,
        long duplicated,
        long outOfOrder,
        long unanswered,
        long leaked,
        long dishonest,
        long abandoned,
        long usurped,
        long torn,
        boolean deduplicated,
        List<String> examples) {

    /** Whether all promises were kept. */
    boolean isClean() {
        return lost == 0
                && outOfOrder == 0
                && unanswered == 0
                && leaked == 0
                && dishonest == 0
                && abandoned == 0
                && usurped == 0
                && torn == 0
                && (duplicated == 0 || !deduplicated)
                && sent == stored + failed + unknown;
    }
}
