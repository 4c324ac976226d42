package dev.vela.local;

import java.math.BigDecimal;
import java.time.Duration;

/** Formats durations for messages, as people write them: {@code 200 ms}, {@code 30 s}. */
final class DurationText {

    private static final int DIGITS_OF_NANOS = 9;
    private static final int DIGITS_OF_MILLIS = 3;

    private DurationText() {}

    /** Returns the duration in seconds, or in milliseconds if it has a fraction of a second. */
    static String of(Duration duration) {
        if (duration.getNano() == 0) {
            return duration.toSeconds() + " s";
        }
        return BigDecimal.valueOf(duration.getSeconds())
                        .add(BigDecimal.valueOf(duration.getNano(), DIGITS_OF_NANOS))
                        .movePointRight(DIGITS_OF_MILLIS)
                        .stripTrailingZeros()
                        .toPlainString()
                + " ms";
    }
}
