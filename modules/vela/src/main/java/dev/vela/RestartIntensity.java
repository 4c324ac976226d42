package dev.vela;

import dev.vela.internal.checks.Checks;
import java.time.Duration;

/**
 * How many restarts a supervisor tolerates: at most {@code maxRestarts} within any {@code period}. On one more, the
 * supervisor stops its children and fails itself, so that its own parent may try.
 *
 * <p>Immutable. The restarts of all children of a supervisor are counted together, as in OTP.
 *
 * @param maxRestarts the restarts allowed within the period; 0 means that the first restart is already too many
 * @param period the length of the sliding window in which restarts are counted
 */
public record RestartIntensity(int maxRestarts, Duration period) {

    /**
     * Creates an intensity and checks both values.
     *
     * @throws NullPointerException if {@code period} is null
     * @throws IllegalArgumentException if {@code maxRestarts} is negative, or {@code period} is not positive or
     *     longer than 100 years
     */
    public RestartIntensity {
        Checks.atLeast("maxRestarts", 0, maxRestarts);
        Checks.positive("period", period);
    }

    /**
     * Creates an intensity that allows {@code maxRestarts} within any {@code period}.
     *
     * @throws NullPointerException if {@code period} is null
     * @throws IllegalArgumentException if {@code maxRestarts} is negative, or {@code period} is not positive or
     *     longer than 100 years
     */
    public static RestartIntensity of(int maxRestarts, Duration period) {
        return new RestartIntensity(maxRestarts, period);
    }
}
