package dev.vela.view;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads a source again and again, on a thread of its own, and holds the newest that is known. An application that does
 * not answer blocks that thread alone; no other is started meanwhile.
 *
 * <p>Thread-safe. No method blocks.
 */
final class Watcher implements AutoCloseable {

    private static final int MAX_WAITING_RESTARTS = 16;

    /** A restart that is older is refused: the situation may have changed. */
    private static final Duration RESTART_LIMIT = Duration.ofSeconds(10);

    private final Source source;
    private final BlockingQueue<Restart> restarts = new ArrayBlockingQueue<>(MAX_WAITING_RESTARTS);
    private final Thread thread = new Thread(this::run, "vela-view-watcher");
    private final Rates rates = new Rates(); // of the thread alone
    private final Clock clock;
    private final WatchState state; // guarded by itself
    private volatile boolean closed;

    /** A restart that waits for its turn. */
    private record Restart(String instance, String name, Instant asked, CompletableFuture<@Nullable Void> result) {}

    /**
     * Creates a watcher and starts it.
     *
     * @param source what to read; closed by {@link #close()}
     * @param interval the time from one read to the next, more if reads take long
     */
    Watcher(Source source, Duration interval, Clock clock) {
        this.source = source;
        this.clock = clock;
        this.state = new WatchState(clock, interval);
        thread.setDaemon(true);
        thread.start();
    }

    /** Returns the newest that is known. */
    Watched watched() {
        synchronized (state) {
            return state.watched(source.describe());
        }
    }

    /**
     * Restarts those official producers of a producer that are down, see {@link Source#restart}. The future fails with an
     * IOException that has the reason.
     */
    CompletableFuture<@Nullable Void> restart(String instance, String name) {
        CompletableFuture<@Nullable Void> result = new CompletableFuture<>();
        Watched now = watched();
        if (closed || now.link() != Watched.Link.LIVE) {
            result.completeExceptionally(new IOException("the application does not answer"));
        } else if (!restarts.offer(new Restart(instance, name, clock.instant(), result))) {
            result.completeExceptionally(
                    new IOException("there are already " + MAX_WAITING_RESTARTS + " restarts that wait"));
        }
        if (closed) {
            refuseWaiting(); // nobody else will
        }
        return result;
    }

    private void refuseWaiting() {
        for (Restart left = restarts.poll(); left != null; left = restarts.poll()) {
            left.result.completeExceptionally(new IOException("closed"));
        }
    }

    private void run() {
        try {
            while (!closed) {
                read();
                Duration pause;
                synchronized (state) {
                    pause = state.pause();
                }
                // A restart is followed by a read, which shows what it did.
                for (Restart restart = restarts.poll(pause.toNanos(), TimeUnit.NANOSECONDS);
                        restart != null;
                        restart = restarts.poll()) {
                    restart(restart);
                }
            }
        } catch (InterruptedException e) {
            // Closed.
        } finally {
            closed = true;
            source.close();
            refuseWaiting();
        }
    }

    private void read() {
        Map<String, Long> lastEvents;
        synchronized (state) {
            state.begin();
            lastEvents = state.lastEvents();
        }
        try {
            List<String> reports = source.read(lastEvents);
            Instant answered = clock.instant();
            List<LiveRuntime> runtimes = LiveRuntime.all(reports, rates);
            synchronized (state) {
                state.answered(runtimes, answered);
            }
        } catch (IOException e) {
            failed(e);
        } catch (Throwable e) { // such as too little memory for one report; the next may fit
            failed(new IOException(Failures.message(e), e));
        }
    }

    private void failed(IOException failure) {
        synchronized (state) {
            state.failed(failure);
        }
    }

    private void restart(Restart restart) {
        if (closed) {
            restart.result.completeExceptionally(new IOException("closed"));
            return;
        }
        if (clock.instant().isAfter(restart.asked.plus(RESTART_LIMIT))) {
            restart.result.completeExceptionally(
                    new IOException("the application did not answer; nothing was restarted"));
            return;
        }
        synchronized (state) {
            state.begin();
        }
        try {
            source.restart(restart.instance, restart.name);
            restart.result.complete(null);
        } catch (Throwable e) {
            restart.result.completeExceptionally(e);
        }
    }

    /** Returns why a restart failed. */
    static String reason(Throwable failure) {
        return Failures.message(
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure);
    }

    /** Ends the watching; a read that hangs is left behind on its daemon thread. Idempotent. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        source.close();
    }
}
