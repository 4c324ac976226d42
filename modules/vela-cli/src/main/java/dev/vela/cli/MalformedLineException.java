package dev.vela.cli;

import java.io.IOException;

/** A line of the input is malformed. */
final class MalformedLineException extends IOException {
    private static final long serialVersionUID = 1L;

    MalformedLineException(long number, String what) {
        super("line " + number + ": " + what);
    }
}
