package dev.vela.micrometer;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What the meters of a runtime have in common. Thread-safe.
 *
 * @param runtime the name of the runtime
 * @param tags the tags of all meters
 * @param hasPartitions whether answers are counted for each partition
 * @param lock the lock of all sets of meters
 */
record Binding(
        String runtime,
        MeterRegistry registry,
        Tags tags,
        boolean hasPartitions,
        Readings readings,
        ExceptionNames exceptions,
        ReentrantLock lock) {
    /** Creates an empty set of meters. */
    MeterSet newSet() {
        return new MeterSet(registry, lock);
    }
}
