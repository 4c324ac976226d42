package dev.vela.internal.runtime;

import dev.vela.RestartIntensity;
import dev.vela.VelaListener;

/** The options of a runtime, as a {@link dev.vela.VelaBuilder} collects them. Immutable. */
public record VelaOptions(
        long maxPendingMessages, long maxPendingBytes, RestartIntensity restartIntensity, VelaListener listener) {}
