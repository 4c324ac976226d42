package dev.vela.view;

import java.util.concurrent.CompletionException;

/** What a failure says to the user. */
final class Failures {

    private Failures() {}

    /** Returns the first line of what the last cause says. */
    static String rootMessage(Throwable failure) {
        Throwable root = failure;
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            root = cause;
        }
        return message(root);
    }

    /** Returns what made a future fail. */
    static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** Returns the first line of what a failure says, or the name of its class. */
    static String message(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank()
                ? failure.getClass().getSimpleName()
                : Text.printable(message.strip().lines().findFirst().orElse("").strip());
    }
}
