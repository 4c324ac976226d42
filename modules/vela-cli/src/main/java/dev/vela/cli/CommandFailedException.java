package dev.vela.cli;

import org.jspecify.annotations.Nullable;

/** A command cannot continue; its user reads the message. */
final class CommandFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CommandFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** Creates a failure that tells what was tried and why it failed. */
    static CommandFailedException because(String what, Throwable cause) {
        return new CommandFailedException(what + ": " + OneLine.of(cause), cause);
    }
}
