package dev.vela.internal.runtime;

import dev.vela.RestartIntensity;
import java.time.Duration;
import java.util.List;

/** Options of runtimes in tests. */
public final class Options {
    private Options() {}

    /** Those of a runtime that gives up at its second failure, with this room. */
    public static VelaOptions of(long maxPendingMessages, long maxPendingBytes) {
        return new VelaOptions(
                "test",
                true,
                true,
                maxPendingMessages,
                maxPendingBytes,
                RestartIntensity.of(1, Duration.ofSeconds(1)),
                true,
                Duration.ZERO,
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }
}
