package dev.vela.cli;

/** A signal asked the command to end while it waited for something. */
final class SignalledException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    SignalledException(int status) {
        super("interrupted");
        this.status = status;
    }

    /** The exit status that the signal stands for. */
    int status() {
        return status;
    }
}
