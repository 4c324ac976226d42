package dev.vela.chaos;

import java.util.List;

/**
 * What a run found.
 *
 * @param sent messages given to the producer
 * @param stored those answered as stored
 * @param failed those answered as certainly not stored
 * @param unknown those of which nobody can tell, and said so
 * @param unknownStored how many of the unknown are stored
 * @param lost answered as stored, and not there
 * @param dropped answered as duplicates, and not there, since a broker had failed to write meanwhile: that is the broker's
 * @param duplicated copies beyond the first
 * @param outOfOrder stored behind one of the same thread and key that was sent later; or away from its key
 * @param unanswered not answered in time, or not at all
 * @param leaked messages or bytes still held after the last answer
 * @param dishonest said not to be stored and there all the same; not where its receipt says; altered; never sent
 * @param abandoned sent by a handle that was closed right after, and given up before the close had to end, though the
 *     broker stored other messages meanwhile
 * @param usurped stored by a leader whose time was over
 * @param torn transactions that are visible in part, or though they were aborted
 * @param deduplicated whether duplicates count against it
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

    /** Whether all that was promised was kept. */
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
