package dev.vela.view;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What counters have grown by in a second, from one round of reports to the next. A counter that has decreased has begun
 * again, and has no rate until the next round.
 *
 * <p>Not thread-safe.
 */
final class Rates {

    private static final double NANOS = 1e9;

    private Map<String, Reading> last = new HashMap<>();
    private Map<String, Reading> present = new HashMap<>();

    /** A counter when it was read, and its rate then. */
    private record Reading(long count, Instant time, double perSecond) {}

    /** Begins a round: what is not read in it is forgotten with the next one. */
    void beginRound() {
        last = present;
        present = new HashMap<>();
    }

    private static double seconds(Duration time) {
        return time.getSeconds() + time.getNano() / NANOS; // which may be more than nanoseconds can tell
    }

    /** Takes the reading of a counter and returns its rate, NaN if it is not known. */
    double perSecond(String counter, long count, Instant time) {
        @Nullable Reading before = last.get(counter);
        double rate = Double.NaN;
        if (before != null && count >= before.count) {
            double seconds = seconds(Duration.between(before.time, time));
            // No time has passed, or the clock was set back: the rate of the time before still is the best one known.
            rate = seconds > 0 ? (count - before.count) / seconds : before.perSecond;
        }
        present.put(counter, new Reading(count, time, rate));
        return rate;
    }
}
