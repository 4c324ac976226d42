package dev.vela.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** One line on a terminal that says how far the run is, rewritten in place; nothing where nobody watches. Thread-safe. */
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

    /** What the command is at. */
    void phase(String what) {
        line(() -> what + " …");
    }

    /** What the command is at, asked for each time that it is drawn. */
    synchronized void line(Supplier<String> supplier) {
        this.line = supplier;
    }

    /** A line that stays, even where nobody watches. */
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

    /** A bar with counts. A negative fraction is not known, and gets no bar. */
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

    /** Wipes the line. Idempotent. */
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
