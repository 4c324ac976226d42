package dev.vela.internal.lane;

import dev.vela.internal.pulsar.EntryPublisher;

/** Notified by a lane, on the control thread. */
@FunctionalInterface
public interface LaneListener {
    /**
     * Called when the given producer has ended for this cause and will never send again. May be called more than once,
     * and for a producer that has since been replaced.
     */
    void died(EntryPublisher publisher, Throwable cause);
}
