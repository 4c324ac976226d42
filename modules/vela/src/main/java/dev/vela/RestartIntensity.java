package dev.vela;

import java.time.Duration;
import java.util.Objects;

/**
 * How many restarts a supervisor tolerates: at most {@code maxRestarts} within any {@code period}. One more, and the
 * supervisor stops its children and fails itself, so that its own parent may try.
 *
 * <p>Immutable. The restarts of all children of a supervisor are counted together, as in OTP.
 *
 * @param maxRestarts the restarts allowed within the period; 0 means that the first one is already too many
 * @param period the length of the sliding window in which restarts are counted
 */
public record RestartIntensity(int maxRestarts, Duration period) {

    /**
     * Checks both values.
     *
     * @throws NullPointerException if {@code period} is null
     * @throws IllegalArgumentException if {@code maxRestarts} is negative, or {@code period} is not positive
     */
    public RestartIntensity {
        Objects.requireNonNull(period, "period");
        if (maxRestarts < 0) {
            throw new IllegalArgumentException("maxRestarts must be >= 0, was " + maxRestarts);
        }
        if (period.isZero() || period.isNegative()) {
            throw new IllegalArgumentException("period must be > 0, was " + period);
        }
    }

    /**
     * Allows {@code maxRestarts} within any {@code period}.
     *
     * @throws NullPointerException if {@code period} is null
     * @throws IllegalArgumentException if {@code maxRestarts} is negative, or {@code period} is not positive
     */
    public static RestartIntensity of(int maxRestarts, Duration period) {
        return new RestartIntensity(maxRestarts, period);
    }
}
