package dev.vela.cli;

import java.io.UncheckedIOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes one readable line of what went wrong. */
final class OneLine {

    private static final int LONGEST = 400;

    /** Names of classes that exceptions put in front of the message of their cause. */
    private static final Pattern CLASS_NAME = Pattern.compile("(?:[a-z][a-z0-9_]*\\.)+[A-Z][\\w$]*: ");

    /** Such a name where it is all that there is to say; the last part of it says it. */
    private static final Pattern BARE_CLASS_NAME =
            Pattern.compile("(?:[a-z][a-z0-9_]*\\.)+(?:[A-Z]\\w*\\$)*([A-Z]\\w*)$");

    /** How Netty's native transport says that a call failed. */
    private static final Pattern NATIVE_CALL = Pattern.compile("^\\w+\\(\\.\\.\\) failed with error\\(-?\\d+\\): ");

    /** How Pulsar's client wraps what the broker said. */
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

    /** The first line that says something, without names of classes. */
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
