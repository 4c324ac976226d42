package dev.vela.view;

import java.time.Instant;
import java.util.List;

/**
 * The newest that is known of an application.
 *
 * @param version grows with each answer and failure
 * @param source what is read
 * @param link whether it answers
 * @param since the time of the last answer, or of the first question if there was none
 * @param problem why not; empty if it does
 * @param runtimes its runtimes as of the last answer
 * @param events the last events of all, the oldest first
 */
record Watched(
        long version,
        String source,
        Link link,
        Instant since,
        String problem,
        List<LiveRuntime> runtimes,
        List<LiveEvent> events) {

    /** Whether an application answers. */
    enum Link {
        /** The last read was answered, and the present one is not late. */
        LIVE,
        /** It is there, and does not answer: it is frozen, or the network is. */
        SILENT,
        /** It has ended, or cannot be reached. */
        GONE
    }
}
