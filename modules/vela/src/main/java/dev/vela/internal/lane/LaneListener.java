package dev.vela.internal.lane;

import dev.vela.internal.pulsar.EntryPublisher;

/** Told, on the control thread, that a lane's producer will never send again. */
@FunctionalInterface
public interface LaneListener {
    /** The given producer ended for this cause. May come more than once, and for a producer replaced since. */
    void died(EntryPublisher publisher, Throwable cause);
}
