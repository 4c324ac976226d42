package dev.vela.cli;

import java.io.UncheckedIOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns a failure into one readable line. */
final class OneLine {

    private static final int LONGEST = 400;

    /** A class name that an exception puts in front of the message of its cause. */
    private static final Pattern CLASS_NAME = Pattern.compile("(?:[a-z][a-z0-9_]*\\.)+[A-Z][\\w$]*: ");

    /** Such a name that is the whole message; its last part is the readable part. */
    private static final Pattern BARE_CLASS_NAME =
            Pattern.compile("(?:[a-z][a-z0-9_]*\\.)+(?:[A-Z]\\w*\\$)*([A-Z]\\w*)$");

    /** The prefix with which Netty's native transport reports a failed call. */
    private static final Pattern NATIVE_CALL = Pattern.compile("^\\w+\\(\\.\\.\\) failed with error\\(-?\\d+\\): ");

    /** The wrapping of a broker's message by Pulsar's client. */
    private static final Pattern BROKER_ERROR = Pattern.compile("\\{\"errorMsg\":\"(.*?)\",\"reqId\":.*}$");

    private OneLine() {}

    static String of(Throwable failure) {
        Throwable cause = unwrap(failure);
        String message = of(cause.getMessage());
        @Nullable Throwable deeper = cause.getCause();
        while (message.isEmpty() && deeper != null) {
            cause = deeper;
            message = of(cause.getMessage());
            deeper = cause.getCause();
        }
        return message.isEmpty() ? cause.getClass().getSimpleName() : message;
    }

    /** Returns the first non-empty line, without class names. */
    static String of(@Nullable String message) {
        if (message == null) {
            return "";
        }
        String line = message.lines()
                .map(String::strip)
                .filter(l -> !l.isEmpty())
                .findFirst()
                .orElse("");
        line = BROKER_ERROR.matcher(line).replaceFirst("$1");
        line = CLASS_NAME.matcher(line).replaceAll("");
        line = NATIVE_CALL.matcher(line).replaceFirst("");
        line = BARE_CLASS_NAME.matcher(line).replaceFirst("$1");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }

    private static Throwable unwrap(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof ExecutionException
                || cause instanceof CompletionException
                || cause instanceof UncheckedIOException) {
            @Nullable Throwable inner = cause.getCause();
            if (inner == null) {
                break;
            }
            cause = inner;
        }
        return cause;
    }
}
