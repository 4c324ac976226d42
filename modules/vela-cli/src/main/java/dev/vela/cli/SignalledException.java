package dev.vela.cli;

/** A signal requested the end of the command during a wait. */
final class SignalledException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    SignalledException(int status) {
        super("interrupted");
        this.status = status;
    }

    /** Returns the exit status for the signal. */
    int status() {
        return status;
    }
}
