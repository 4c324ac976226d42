package dev.vela.view;

import org.jspecify.annotations.Nullable;

/**
 * How a {@link ViewServer} listens, and what it allows.
 *
 * @param listen the address or name of the interface on which it listens; null for 127.0.0.1, which only this machine
 *     reaches
 * @param port the port; 0 for any that is free; null for {@value #DEFAULT_PORT}, or the next one that is free
 * @param readOnly whether it refuses to restart producers
 */
public record ViewOptions(@Nullable String listen, @Nullable Integer port, boolean readOnly) {

    /** The port if none is given. */
    public static final int DEFAULT_PORT = 7070;

    private static final int MOST_PORT = 65_535;

    /** Creates options, and refuses a port that is out of range. */
    public ViewOptions {
        if (port != null && (port < 0 || port > MOST_PORT)) {
            throw new IllegalArgumentException("port must be in [0, " + MOST_PORT + "], was " + port);
        }
        if (listen != null && listen.isBlank()) {
            throw new IllegalArgumentException("listen must not be blank, was '" + listen + "'");
        }
    }

    /** Returns the defaults: this machine only, the default port, restarts allowed. */
    public static ViewOptions defaults() {
        return new ViewOptions(null, null, false);
    }
}
