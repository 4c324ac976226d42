package dev.vela.internal.lane;

import dev.vela.internal.pulsar.EntryPublisher;
import java.util.List;

/** Told by a lane, on the control thread. */
public interface LaneListener {
    /**
     * The given producer ended for this cause, and will never send again. May come more than once, and for a producer
     * replaced since.
     */
    void died(EntryPublisher publisher, Throwable cause);

    /**
     * Messages that were taken could not be handed over: nothing of them was sent. They are let in still, and come before
     * whatever waits.
     *
     * @param verdict why: full, or down
     */
    void givenBack(List<Send> sends, OfferResult verdict);
}
