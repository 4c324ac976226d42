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
    private static volatile boolean isMissing;

    private Flight() {}

    /** Records an event, if anybody records. */
    static void life(String runtime, VelaEvent event, @Nullable String producer, @Nullable String cause) {
        if (isMissing) {
            return;
        }
        try {
            FlightGroups.recordLife(runtime, event, producer, cause);
        } catch (LinkageError e) {
            miss(e);
        }
    }

    /**
     * Records the groups of a runtime from time to time, while anybody records.
     *
     * @return ends that; never throws
     */
    static Runnable addGroups(String runtime, Supplier<Snapshot> snapshot) {
        if (!isMissing) {
            try {
                return FlightGroups.add(runtime, snapshot);
            } catch (LinkageError e) {
                miss(e);
            } catch (RuntimeException e) {
                log.warn("Runtime {} is not recorded by Flight Recorder", runtime, e);
            }
        }
        return () -> {};
    }

    private static void miss(LinkageError missing) {
        isMissing = true;
        log.debug("There is no Flight Recorder", missing);
    }
}
