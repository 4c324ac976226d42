package dev.vela.local;

import org.jspecify.annotations.Nullable;

/**
 * A local Pulsar could not be started, or one of its files could not be obtained. The message tells the problem, and
 * ends with the tail of the server's log if there is one.
 */
public class LocalPulsarException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LocalPulsarException(String message) {
        super(message);
    }

    LocalPulsarException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
