package dev.vela.internal.runtime;

import dev.vela.internal.lane.HandleMetrics;
import org.jspecify.annotations.Nullable;

/**
 * A started handle's name, settings, hooks and metrics. The groups of a partitioned producer share their handle's.
 *
 * @param name the name under which the runtime knows the handle
 * @param metrics what is told of its messages, or null
 */
public record HandleContext<T>(
        String name,
        ProducerSettings<T> settings,
        Hooks<T> hooks,
        @Nullable HandleMetrics metrics) {
    /** Creates the context of a handle that is being started, with hooks and metrics of its own. */
    public static <T> HandleContext<T> of(RuntimeResources resources, String name, ProducerSettings<T> settings) {
        return new HandleContext<>(
                name,
                settings,
                new Hooks<>(settings.schema(), settings.topic()),
                HandleMetrics.of(resources.metrics(), name, settings.topic(), resources.control()));
    }

    /** Closes what is the handle's own. Called once all answers have been delivered; runs the application's code. */
    public void close() {
        hooks.close();
        if (metrics != null) {
            metrics.close();
        }
    }
}
