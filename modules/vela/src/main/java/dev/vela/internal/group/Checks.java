package dev.vela.internal.group;

import java.time.Duration;
import java.util.Objects;

/** Checks of arguments, with errors that name the parameter, the rule and the value. */
final class Checks {
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private Checks() {}

    static Duration positive(String name, Duration value) {
        Objects.requireNonNull(value, name);
        check(
                !value.isZero() && !value.isNegative() && value.compareTo(LONGEST) <= 0,
                name,
                "be in (0, 100 years]",
                value);
        return value;
    }

    static Duration notNegative(String name, Duration value) {
        Objects.requireNonNull(value, name);
        check(!value.isNegative() && value.compareTo(LONGEST) <= 0, name, "be in [0, 100 years]", value);
        return value;
    }

    static long atLeast(String name, long least, long value) {
        check(value >= least, name, "be >= " + least, value);
        return value;
    }

    static void check(boolean holds, String name, String rule, Object value) {
        if (!holds) {
            throw new IllegalArgumentException(name + " must " + rule + ", was " + value);
        }
    }
}
