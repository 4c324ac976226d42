package dev.vela.internal.live;

import dev.vela.Snapshot;
import dev.vela.VelaEvent;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to Flight Recorder, which a Java runtime may lack. No class with an event is loaded before somebody records:
 * the first one costs more than a hundred milliseconds.
 */
final class Flight {
    private static final Logger log = LoggerFactory.getLogger(Flight.class);

    private Flight() {}

    /** Records an event, if anybody records. Never throws. */
    static void life(String runtime, VelaEvent event, @Nullable String producer, @Nullable String cause) {
        try {
            FlightGroups.recordLife(runtime, event, producer, cause);
        } catch (Throwable e) { // what happens matters more than its record
            log.debug("{} of runtime {} is not recorded by Flight Recorder", event.type(), runtime, e);
        }
    }

    /**
     * Records the groups of a runtime from time to time, while anybody records.
     *
     * @return ends that; never throws
     */
    static Runnable addGroups(String runtime, Supplier<Snapshot> snapshot) {
        try {
            return FlightGroups.add(runtime, snapshot);
        } catch (NoClassDefFoundError e) {
            log.debug("There is no Flight Recorder", e);
        } catch (Throwable e) {
            log.warn("Runtime {} is not recorded by Flight Recorder", runtime, e);
        }
        return () -> {};
    }
}
