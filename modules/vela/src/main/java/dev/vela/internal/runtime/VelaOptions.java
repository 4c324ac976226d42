package dev.vela.internal.runtime;

import dev.vela.RestartIntensity;
import dev.vela.SendObserver;
import dev.vela.SupervisedProducerBuilder;
import dev.vela.VelaListener;
import dev.vela.VelaMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** The options of a runtime, as a {@link dev.vela.VelaBuilder} collects them. Immutable. */
public record VelaOptions(
        String name,
        boolean jmx,
        boolean remoteRestart,
        long maxPendingMessages,
        long maxPendingBytes,
        RestartIntensity restartIntensity,
        boolean waitForBroker,
        Duration linger,
        List<BiConsumer<? super String, ? super SupervisedProducerBuilder<?, ?>>> supervisedCustomizers,
        List<VelaListener> listeners,
        List<VelaMetrics> metrics,
        List<SendObserver<?>> observers) {

    /** The same options with one more customizer of supervised producers, the last one. */
    public VelaOptions withSupervisedCustomizer(
            BiConsumer<? super String, ? super SupervisedProducerBuilder<?, ?>> customizer) {
        List<BiConsumer<? super String, ? super SupervisedProducerBuilder<?, ?>>> customizers =
                new ArrayList<>(supervisedCustomizers);
        customizers.add(customizer);
        return new VelaOptions(
                name,
                jmx,
                remoteRestart,
                maxPendingMessages,
                maxPendingBytes,
                restartIntensity,
                waitForBroker,
                linger,
                List.copyOf(customizers),
                listeners,
                metrics,
                observers);
    }
}
