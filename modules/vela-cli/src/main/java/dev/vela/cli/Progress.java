package dev.vela.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One line on a terminal that shows the progress of the run, rewritten in place; nothing without a terminal.
 * Thread-safe.
 */
final class Progress implements AutoCloseable {

    private static final long INTERVAL_MILLIS = 200;
    private static final int BAR_WIDTH = 30;
    private static final String REWRITE = "\r\u001b[K";

    private final PrintWriter err;
    private final boolean shown;
    private final ScheduledExecutorService timer;
    private Supplier<String> line = () -> "";
    private boolean closed;

    Progress(PrintWriter err, boolean shown) {
        this.err = err;
        this.shown = shown;
        this.timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "cli-progress");
            thread.setDaemon(true);
            return thread;
        });
        if (shown) {
            timer.scheduleWithFixedDelay(this::draw, 0, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Shows the present phase of the command. */
    void phase(String what) {
        line(() -> what + " …");
    }

    /** Shows the present phase of the command, with a supplier that is called for each drawing. */
    synchronized void line(Supplier<String> supplier) {
        this.line = supplier;
    }

    /** Prints a permanent line, even without a terminal. */
    synchronized void note(String text) {
        err.print(shown ? REWRITE : "");
        err.println(text);
    }

    private synchronized void draw() {
        if (!closed) {
            err.print(REWRITE + line.get());
            err.flush();
        }
    }

    /** Returns a bar with counts. A negative fraction means unknown, and gets no bar. */
    static String bar(double fraction, long published, double perSecond, String rest) {
        String counts = String.format(Locale.ROOT, "%,d published  %,.0f/s  %s", published, perSecond, rest);
        if (fraction < 0) {
            return counts.strip();
        }
        int full = (int) (fraction * BAR_WIDTH);
        return String.format(
                        Locale.ROOT,
                        "[%s%s] %3.0f%%  %s",
                        "=".repeat(full),
                        " ".repeat(BAR_WIDTH - full),
                        fraction * 100,
                        counts)
                .strip();
    }

    /** Erases the line. Idempotent. */
    @Override
    public synchronized void close() {
        if (!closed && shown) {
            err.print(REWRITE);
            err.flush();
        }
        closed = true;
        timer.shutdownNow();
    }
}
