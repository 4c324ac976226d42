package dev.vela.view;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * What {@code vela top} shows of a feed: its runtimes with their rates, and the events of all that were seen, also of an
 * application that has ended since.
 *
 * <p>Not thread-safe. Nothing but {@link #close} blocks.
 */
final class TopFeed implements AutoCloseable {

    static final int MAX_EVENTS = 1_000;

    private final Feed feed;
    private final Rates rates = new Rates();
    private final Map<String, Long> lastEvents = new HashMap<>(); // by the id of the runtime's instance
    private final Deque<LiveEvent> events = new ArrayDeque<>();

    private Reading reading = Reading.NOTHING;
    private List<LiveRuntime> runtimes = List.of();
    private List<LiveEvent> newestEvents = List.of();

    /** Starts the feed, and watches it until it is closed. */
    TopFeed(Feed feed) {
        this.feed = feed;
        feed.start();
        feed.watch();
    }

    /** Returns the newest that is known. To be called about once a second, so that a silence is noticed. */
    @SuppressWarnings("ReferenceEquality") // a reading does not change; each answer makes another one
    Watched watched() {
        feed.noticeSilence();
        Update update = feed.current();
        if (update == null) {
            return new Watched(0, feed.describe(), Watched.Link.LIVE, Instant.EPOCH, "", List.of(), List.of());
        }
        if (update.reading() != reading) {
            take(update.reading());
        }
        Update.Problem problem = update.problem();
        if (problem == null) {
            return watched(update, Watched.Link.LIVE, update.time(), "");
        }
        return watched(
                update, problem.silent() ? Watched.Link.SILENT : Watched.Link.GONE, problem.since(), problem.text());
    }

    private Watched watched(Update update, Watched.Link link, Instant since, String problem) {
        return new Watched(update.version(), feed.describe(), link, since, problem, runtimes, newestEvents);
    }

    private void take(Reading next) {
        reading = next;
        runtimes = LiveRuntime.all(next, rates);
        List<LiveEvent> fresh = new ArrayList<>();
        for (LiveRuntime runtime : runtimes) {
            long known = lastEvents.getOrDefault(runtime.instance(), 0L);
            runtime.events().stream().filter(event -> event.number() > known).forEach(fresh::add);
        }
        lastEvents.clear();
        runtimes.forEach(runtime -> lastEvents.put(runtime.instance(), runtime.lastEvent()));
        fresh.sort(Comparator.comparing(LiveEvent::time));
        events.addAll(fresh);
        while (events.size() > MAX_EVENTS) {
            events.removeFirst();
        }
        newestEvents = List.copyOf(events);
    }

    /** Restarts those official producers of a producer that are down, see {@link Feed#restart}. */
    CompletableFuture<@Nullable Void> restart(String instance, String name) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        feed.restart(instance, name);
                    } catch (IOException | InterruptedException e) {
                        throw new CompletionException(e);
                    }
                },
                TopFeed::start);
    }

    /** A restart may wait for long, and there is one at a time. */
    private static void start(Runnable task) {
        Thread thread = new Thread(task, "vela-view-restart");
        thread.setDaemon(true);
        thread.start();
    }

    /** Closes the feed. */
    @Override
    public void close() {
        feed.close();
    }
}
