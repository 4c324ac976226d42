package dev.vela.view;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A source whose first answer can be waited for with a limit: an application that is frozen blocks a daemon thread, and
 * not the command that wants to say so. If nobody was given that answer in time, the first {@link #read} returns it,
 * however late it is.
 */
final class FirstAnswer implements Source {

    private final Source source;
    private final FutureTask<List<String>> first;
    private final long beginNanos = System.nanoTime();
    private volatile boolean taken;

    /** Begins to read. The source is closed by {@link #close()}. */
    FirstAnswer(Source source) {
        this.source = source;
        first = new FutureTask<>(() -> source.read(Map.of()));
        Thread thread = new Thread(first, "vela-view-first-answer");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Waits for the first answer. Empty if there is none within the limit, which counts from the creation.
     *
     * @throws IOException if the source cannot be read
     */
    Optional<List<String>> await(Duration limit) throws IOException, InterruptedException {
        try {
            List<String> answer = first.get(beginNanos + limit.toNanos() - System.nanoTime(), TimeUnit.NANOSECONDS);
            taken = true; // an hour later it would be old
            return Optional.of(answer);
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw failure(e);
        }
    }

    @Override
    public String describe() {
        return source.describe();
    }

    @Override
    public List<String> read(Map<String, Long> lastEvents) throws IOException {
        if (taken) {
            return source.read(lastEvents);
        }
        try {
            List<String> answer = first.get();
            taken = true;
            return answer;
        } catch (ExecutionException e) {
            taken = true;
            throw failure(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private static IOException failure(ExecutionException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return cause instanceof IOException io ? io : new IOException(Failures.message(cause), cause);
    }

    @Override
    public void restart(String instance, String name) throws IOException {
        source.restart(instance, name);
    }

    @Override
    public void close() {
        source.close();
    }
}
