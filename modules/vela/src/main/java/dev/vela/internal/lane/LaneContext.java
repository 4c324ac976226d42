package dev.vela.internal.lane;

import dev.vela.Batching;
import dev.vela.InFlightPolicy;
import dev.vela.internal.scheduling.Scheduler;
import org.apache.pulsar.client.api.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The surroundings that the lanes of a group share.
 *
 * @param partition the partition that they publish to, or -1
 * @param queue where messages wait that no lane takes
 * @param completions where their messages are answered
 * @param counters where their messages are counted
 * @param admission room for their messages
 * @param batching how messages are put together, or null if each goes alone
 * @param inFlightPolicy what becomes of entries in flight when a producer dies
 * @param schema the schema that their producers are created with
 * @param buffers for entries
 */
public record LaneContext(
        int partition,
        Scheduler scheduler,
        WaitingQueue queue,
        Completions completions,
        LaneCounters counters,
        Admission admission,
        @Nullable Batching batching,
        InFlightPolicy inFlightPolicy,
        Schema<?> schema,
        Buffers buffers) {

    /** Whether a successor sends again what a dead producer left. */
    boolean replays() {
        return inFlightPolicy == InFlightPolicy.REPLAY;
    }
}
