package dev.vela.internal.runtime;

/**
 * A started handle's name, settings and hooks. The groups of a partitioned producer share their handle's.
 *
 * @param name the name under which the runtime knows the handle
 */
public record HandleContext<T>(String name, ProducerSettings<T> settings, Hooks<T> hooks) {
    /** Creates the context of a handle that is being started, with hooks of its own. */
    public static <T> HandleContext<T> of(String name, ProducerSettings<T> settings) {
        return new HandleContext<>(name, settings, new Hooks<>(settings.schema(), settings.topic()));
    }
}
