package dev.vela.internal.checks;

import java.time.Duration;
import java.util.Objects;

/**
 * Checks of arguments, with errors that name the parameter, the rule and the value.
 *
 * <p>A duration is at most 100 years: a longer duration is more likely a mistake than intended, and sums of durations
 * that a long counts in nanoseconds end at 292 years.
 */
public final class Checks {
    /** The maximum duration. */
    public static final Duration LONGEST = Duration.ofDays(36_500);

    private Checks() {}

    /** Checks that a duration is above zero. */
    public static Duration positive(String name, Duration value) {
        Objects.requireNonNull(value, name);
        check(
                !value.isZero() && !value.isNegative() && value.compareTo(LONGEST) <= 0,
                name,
                "be in (0, 100 years]",
                value);
        return value;
    }

    /** Checks that a duration is zero or more. */
    public static Duration notNegative(String name, Duration value) {
        Objects.requireNonNull(value, name);
        check(!value.isNegative() && value.compareTo(LONGEST) <= 0, name, "be in [0, 100 years]", value);
        return value;
    }

    /** Checks that a duration is at least the given minimum. */
    public static Duration atLeast(String name, Duration least, Duration value) {
        Objects.requireNonNull(value, name);
        check(
                value.compareTo(least) >= 0 && value.compareTo(LONGEST) <= 0,
                name,
                "be in [" + text(least) + ", 100 years]",
                value);
        return value;
    }

    /** Checks that a text is not blank. */
    public static String notBlank(String name, String value) {
        Objects.requireNonNull(value, name);
        check(!value.isBlank(), name, "not be blank", value);
        return value;
    }

    /** Checks that a number is at least the given minimum. */
    public static long atLeast(String name, long least, long value) {
        if (value < least) {
            check(false, name, "be >= " + least, value);
        }
        return value;
    }

    /** Checks that a number is between a minimum and a maximum, both included. */
    public static long inRange(String name, long least, long greatest, long value) {
        if (value < least || value > greatest) {
            check(false, name, "be in [" + least + ", " + greatest + "]", value);
        }
        return value;
    }

    /** Fails with the rule and the value unless the rule holds. */
    public static void check(boolean holds, String name, String rule, Object value) {
        if (!holds) {
            throw new IllegalArgumentException(name + " must " + rule + ", was " + text(value));
        }
    }

    /** The text of a value in errors. */
    public static String text(Object value) {
        if (value instanceof Duration duration) {
            return DurationText.of(duration);
        }
        return value instanceof String text ? '"' + text + '"' : value.toString();
    }
}
