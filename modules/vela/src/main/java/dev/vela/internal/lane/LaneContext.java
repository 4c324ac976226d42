package dev.vela.internal.lane;

import dev.vela.Batching;
import dev.vela.InFlightPolicy;
import dev.vela.internal.scheduling.Scheduler;
import java.util.function.UnaryOperator;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The context that the lanes of a group share.
 *
 * @param partition the partition that they publish to, or -1
 * @param queue the queue for messages that no lane takes
 * @param completions the queue that answers their messages
 * @param counters the counters of their messages
 * @param admission the room for their messages
 * @param batching how messages are batched, or null if each message is sent alone
 * @param inFlightPolicy the treatment of entries in flight when a producer dies
 * @param told turns the failure of a message into the one that the application gets
 * @param schema the schema that their producers are created with
 * @param buffers the buffers for entries
 * @param pace the pace of all lanes whose topics are of the same kind
 * @param areObserved whether observers may follow the messages
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
        UnaryOperator<PulsarClientException> told,
        Schema<?> schema,
        Buffers buffers,
        Pace pace,
        boolean areObserved) {

    /** Whether a successor replays the entries that a dead producer left. */
    boolean replays() {
        return inFlightPolicy == InFlightPolicy.REPLAY;
    }
}
