package dev.vela.internal.supervision;

import dev.vela.RestartIntensity;
import dev.vela.internal.checks.DurationText;
import org.jspecify.annotations.Nullable;

/**
 * A supervisor gave up, since its children had to be restarted too often. The cause is that of the last exit, and is
 * missing if that exit was normal.
 */
public final class IntensityExceededException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the failure of a supervisor that gave up.
     *
     * @param supervisor the supervisor's name
     * @param restarts the restarts within the period, including the one that was too many
     * @param intensity the allowed intensity
     * @param cause why the last child ended, or null if its exit was normal
     */
    public IntensityExceededException(
            String supervisor, int restarts, RestartIntensity intensity, @Nullable Throwable cause) {
        super(
                "supervisor " + supervisor + " gave up: " + restarts + " restarts within "
                        + DurationText.of(intensity.period()) + ", at most " + intensity.maxRestarts() + " allowed",
                cause);
    }
}
