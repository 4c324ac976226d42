package dev.vela.cli;

import org.jspecify.annotations.Nullable;

/** A command cannot go on; the message is what its user reads. */
final class CommandFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CommandFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** A failure that says what was tried and why it did not work. */
    static CommandFailedException because(String what, Throwable cause) {
        return new CommandFailedException(what + ": " + OneLine.of(cause), cause);
    }
}
