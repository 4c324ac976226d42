package dev.vela.internal.runtime;

import dev.vela.RestartIntensity;
import dev.vela.SupervisedProducerBuilder;
import dev.vela.VelaListener;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;

/** The options of a runtime, as a {@link dev.vela.VelaBuilder} collects them. Immutable. */
public record VelaOptions(
        long maxPendingMessages,
        long maxPendingBytes,
        RestartIntensity restartIntensity,
        boolean waitForBroker,
        Duration linger,
        List<BiConsumer<? super String, ? super SupervisedProducerBuilder<?, ?>>> supervisedCustomizers,
        List<VelaListener> listeners) {}
