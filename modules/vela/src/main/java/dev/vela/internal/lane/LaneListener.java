package dev.vela.internal.lane;

import dev.vela.internal.pulsar.EntryPublisher;

/** Told by a lane, on the control thread. */
@FunctionalInterface
public interface LaneListener {
    /**
     * The given producer ended for this cause, and will never send again. May come more than once, and for a producer that has
     * been replaced since.
     */
    void died(EntryPublisher publisher, Throwable cause);
}
