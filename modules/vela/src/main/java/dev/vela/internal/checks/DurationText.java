package dev.vela.internal.checks;

import java.time.Duration;

/** Durations as people write them, for messages: {@code 200 ms}, {@code 30 s}. */
public final class DurationText {
    private static final Unit[] UNITS = {
        new Unit("days", 86_400), new Unit("h", 3600), new Unit("min", 60), new Unit("s", 1),
    };

    private record Unit(String name, long seconds) {}

    private DurationText() {}

    /** The duration in the largest unit that holds it without a fraction. */
    public static String of(Duration duration) {
        long seconds = duration.toSeconds();
        if (!duration.equals(Duration.ofSeconds(seconds))) {
            return fraction(duration);
        }
        for (Unit unit : UNITS) {
            if (seconds % unit.seconds == 0 && seconds != 0) {
                return seconds / unit.seconds + " " + unit.name;
            }
        }
        return "0 s";
    }

    private static String fraction(Duration duration) {
        if (Math.abs(duration.toSeconds() / 2) > Integer.MAX_VALUE) {
            return duration.toString(); // may exceed a long of nanoseconds, and is hardly intended
        }
        long nanos = duration.toNanos();
        if (nanos % 1_000_000 == 0) {
            return nanos / 1_000_000 + " ms";
        }
        return nanos % 1000 == 0 ? nanos / 1000 + " us" : nanos + " ns";
    }
}
