package dev.vela.input;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The values that each parameter of a type must have a row for. */
final class BadValues {
    static final Duration YEARS_300 = Duration.ofDays(109_500);
    static final Duration GREATEST = Duration.ofSeconds(Long.MAX_VALUE);
    static final Duration LEAST = Duration.ofSeconds(Long.MIN_VALUE);

    private BadValues() {}

    static List<Object> of(Class<?> type) {
        if (type == boolean.class) {
            return List.of();
        }
        if (type == int.class) {
            return List.of(Integer.MIN_VALUE, -1, 0, Integer.MAX_VALUE);
        }
        if (type == long.class) {
            return List.of(Long.MIN_VALUE, -1L, 0L, Long.MAX_VALUE);
        }
        if (type == double.class) {
            return List.of(-1.0, 0.0, Double.NaN, Double.POSITIVE_INFINITY);
        }
        if (type.isPrimitive()) {
            throw new IllegalStateException("say which values of " + type + " are bad");
        }
        if (type == Duration.class) {
            return Arrays.asList(null, LEAST, Duration.ofNanos(-1), Duration.ZERO, YEARS_300, GREATEST);
        }
        if (type == Instant.class) {
            return Arrays.asList(null, Instant.MIN, Instant.ofEpochMilli(-1), Instant.EPOCH, Instant.MAX);
        }
        if (type == String.class) {
            return Arrays.asList(null, "", " ");
        }
        if (type == byte[].class) {
            return Arrays.asList(null, new byte[0]);
        }
        if (type == List.class) {
            return Arrays.asList(null, List.of(), Collections.singletonList(null));
        }
        if (type == Map.class) {
            return Arrays.asList(
                    null, Map.of(), Collections.singletonMap(null, "v"), Collections.singletonMap("k", null));
        }
        if (type == Optional.class) {
            return Arrays.asList(null, Optional.empty());
        }
        return Collections.singletonList(null);
    }
}
