package dev.vela.view;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the source on one thread, for all watchers together, while there are any.
 *
 * <p>Thread-safe. Nothing but {@link #restart}, {@link #close} and a watch blocks.
 */
final class Feed implements AutoCloseable {

    /*
     * The lock guards all fields that are not final. It is not held while the source is called or an update is made: only
     * the reading thread and noticeSilence() make updates, each under `publishing`, which is taken before the lock.
     */

    static final Duration SILENCE = Duration.ofSeconds(3);

    private static final int MOST_RESTARTS_QUEUED = 16;
    private static final Duration RESTART_LIMIT = Duration.ofSeconds(10);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

    private final Source source;
    private final Marks marks;
    private final boolean readOnly;
    private final Clock clock;
    private final LongSupplier nanoTime; // goes on while clocks are set
    private final Thread thread;
    private final Object publishing = new Object();
    private final Duration interval;
    private final ReadPace pace; // of the reading thread alone

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Restart> restarts = new ArrayDeque<>();
    private int watchers;
    private boolean closed;
    private long nextReadNanos;
    private long askingSinceNanos;
    private boolean asking; // the source, for a report or a restart
    private Instant answered;
    private long marksPublished;
    private @Nullable Update current;

    private record Restart(String instance, String name, CompletableFuture<Void> done) {}

    /** Has the source read until it is closed. */
    final class Watch implements AutoCloseable {
        private boolean over; // guarded by the feed's lock

        private Watch() {}

        /** Waits for the next update if it is due. Returns the last in any case, null if there is none. */
        @Nullable
        Update awaitFresh(Duration limit) throws InterruptedException {
            return await(staleVersion(), limit);
        }

        /** Waits for an update newer than the given version. Returns the last in any case, null if there is none. */
        @Nullable
        Update await(long version, Duration limit) throws InterruptedException {
            long left = limit.toNanos();
            lock.lock();
            try {
                while (!closed && left > 0 && (current == null || current.version() <= version)) {
                    left = changed.awaitNanos(left);
                }
                return current;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                watchers -= over ? 0 : 1;
                over = true;
            } finally {
                lock.unlock();
            }
        }
    }

    /**
     * Creates a feed.
     *
     * @param source what to read; closed by {@link #close()}
     * @param readOnly whether the reports must say that restarts are not allowed
     * @param interval the time from one read to the next, more if reads take long
     */
    Feed(Source source, Marks marks, boolean readOnly, Duration interval, Clock clock, LongSupplier nanoTime) {
        this.source = source;
        this.interval = interval;
        this.pace = new ReadPace(interval);
        this.marks = marks;
        this.readOnly = readOnly;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.answered = clock.instant();
        this.nextReadNanos = nanoTime.getAsLong();
        this.thread = new Thread(this::read, "vela-view-reader");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Returns what is read, as the user knows it. */
    String describe() {
        return source.describe();
    }

    /** Returns the last update, null before the first. */
    @Nullable
    Update current() {
        lock.lock();
        try {
            return current;
        } finally {
            lock.unlock();
        }
    }

    /** Begins to watch. */
    Watch watch() {
        lock.lock();
        try {
            if (watchers++ == 0 && (current == null || current.problem() == null)) {
                answered = clock.instant(); // was not asked before
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        return new Watch();
    }

    private long staleVersion() {
        lock.lock();
        try {
            if (current == null) {
                return 0;
            }
            return nanoTime.getAsLong() - nextReadNanos >= 0 ? current.version() : current.version() - 1;
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Restarts those official producers of a producer that are down. While the application does not answer, nothing is
     * asked of it, since the situation may have changed by the time it does.
     *
     * @throws IOException with the reason if it was refused, or if there is no answer
     */
    void restart(String instance, String name) throws IOException, InterruptedException {
        Restart restart = new Restart(instance, name, new CompletableFuture<>());
        lock.lock();
        try {
            if (closed) {
                throw new IOException("the viewer is being closed");
            }
            if (watchers > 0 && current != null && current.problem() != null) { // or nobody has asked since
                throw new IOException(nothingRestarted(current));
            }
            if (restarts.size() == MOST_RESTARTS_QUEUED) {
                throw new IOException("too many restarts wait for an answer of the application");
            }
            restarts.add(restart);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            restart.done.get(RESTART_LIMIT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new IOException(Failures.message(e.getCause() == null ? e : e.getCause()), e);
        } catch (TimeoutException e) {
            throw new IOException(
                    "the application does not answer; "
                            + (withdraw(restart) ? "nothing was restarted" : "it may restart the producers later"),
                    e);
        }
    }

    /** Returns false if its turn has come. */
    private boolean withdraw(Restart restart) {
        lock.lock();
        try {
            return restarts.remove(restart);
        } finally {
            lock.unlock();
        }
    }

    private void read() {
        try {
            while (awaitWork()) {
                try {
                    Restart restart = nextRestart();
                    if (restart == null) {
                        readOnce();
                    } else {
                        execute(restart);
                    }
                } catch (Throwable e) { // such as too little memory for one report; the next may fit
                    failed(e);
                }
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    /** Returns false if the feed is closed. */
    private boolean awaitWork() throws InterruptedException {
        lock.lock();
        try {
            while (!closed && restarts.isEmpty()) {
                long left = nextReadNanos - nanoTime.getAsLong();
                if (watchers == 0) {
                    changed.await();
                } else if (left > 0) {
                    changed.awaitNanos(left);
                } else {
                    return true;
                }
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Restart nextRestart() {
        lock.lock();
        try {
            return restarts.poll();
        } finally {
            lock.unlock();
        }
    }

    private void failed(Throwable failure) {
        Update last;
        long nextRead = nanoTime.getAsLong() + interval.toNanos();
        lock.lock();
        try {
            asking = false;
            nextReadNanos = nextRead; // should even the update fail
            last = current;
        } finally {
            lock.unlock();
        }
        try {
            publish(
                    null,
                    last == null ? Reading.NOTHING : last.reading(),
                    new Trouble(Failures.message(failure), false),
                    nextRead);
        } catch (Throwable e) {
            // The next read may tell.
        }
    }

    private void execute(Restart restart) {
        lock.lock();
        try {
            asking = true;
            askingSinceNanos = nanoTime.getAsLong();
        } finally {
            lock.unlock();
        }
        try {
            source.restart(restart.instance, restart.name);
            restart.done.complete(null);
        } catch (Throwable e) {
            restart.done.completeExceptionally(e);
        }
        lock.lock();
        try {
            asking = false;
            nextReadNanos = nanoTime.getAsLong(); // shows what came of it
        } finally {
            lock.unlock();
        }
    }

    private void readOnce() {
        Reading before;
        long begin = nanoTime.getAsLong();
        lock.lock();
        try {
            before = current == null ? Reading.NOTHING : current.reading();
            asking = true;
            askingSinceNanos = begin;
        } finally {
            lock.unlock();
        }
        Reading next = before;
        Trouble trouble = null;
        try {
            List<String> reports = source.read(before.lastEvents());
            pace.took(Duration.ofNanos(nanoTime.getAsLong() - begin));
            next = before.next(reports, readOnly);
        } catch (IOException | RuntimeException e) {
            trouble = new Trouble(Failures.message(e), e instanceof InterruptedIOException);
        }
        lock.lock();
        try {
            asking = false;
            if (trouble == null) {
                answered = clock.instant();
            }
        } finally {
            lock.unlock();
        }
        publish(null, next, trouble, begin + pace.interval().toNanos());
    }

    /** Publishes that the source does not answer, or new marks while it does not. To be called about once a second. */
    void noticeSilence() {
        Update last;
        lock.lock();
        try {
            if (watchers == 0) {
                return;
            }
            last = current;
            boolean silent = asking && nanoTime.getAsLong() - askingSinceNanos > SILENCE.toNanos();
            boolean known = last != null && last.problem() != null;
            if (!silent || (known && marksPublished == marks.version())) {
                return;
            }
        } finally {
            lock.unlock();
        }
        publish(
                new Silence(last),
                last == null ? Reading.NOTHING : last.reading(),
                new Trouble("the application does not answer", true),
                0);
    }

    /** Why there is no answer; silent if the application is there all the same. */
    private record Trouble(String text, boolean silent) {}

    /** A silence that was noticed after the given update. */
    private record Silence(@Nullable Update after) {}

    /**
     * Publishes an update and when the next one is due, both at once. Otherwise a watch that begins in between would take
     * the previous update for a fresh one.
     *
     * @param silence the silence that was noticed, null after a read
     * @param nextRead when the next read is due; ignored for a silence
     */
    private void publish(@Nullable Silence silence, Reading next, @Nullable Trouble trouble, long nextRead) {
        synchronized (publishing) {
            Update before;
            Instant since;
            lock.lock();
            try {
                before = current;
                if (silence != null && silence.after != before) {
                    return; // there was an answer after all
                }
                since = answered;
                marksPublished = marks.version();
            } finally {
                lock.unlock();
            }
            Update update = new Update(
                    before,
                    source.describe(),
                    clock.instant(),
                    next,
                    trouble == null ? null : new Update.Problem(trouble.text, since, trouble.silent),
                    marks.spans());
            List<Restart> refused = List.of();
            lock.lock();
            try {
                current = update;
                if (silence == null) {
                    nextReadNanos = nextRead;
                }
                changed.signalAll();
                if (trouble != null) {
                    refused = List.copyOf(restarts);
                    restarts.clear();
                }
            } finally {
                lock.unlock();
            }
            for (Restart restart : refused) {
                restart.done.completeExceptionally(new IOException(nothingRestarted(update)));
            }
        }
    }

    private static String nothingRestarted(Update update) {
        Update.Problem problem = update.problem();
        return (problem == null ? "" : problem.text() + "; ") + "nothing was restarted";
    }

    /** Ends the reading, and closes the source. */
    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            changed.signalAll();
            restarts.forEach(restart -> restart.done.completeExceptionally(new IOException("the viewer is closed")));
            restarts.clear();
        } finally {
            lock.unlock();
        }
        thread.interrupt();
        try {
            thread.join(CLOSE_LIMIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        source.close();
    }
}
