package dev.vela.view;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Watcher} knows: turns answers, failures and the lack of both into a {@link Watched}.
 *
 * <p>Not thread-safe.
 */
final class WatchState {

    static final int MAX_EVENTS = 1_000;
    static final Duration SILENCE = Duration.ofSeconds(3);

    private final Clock clock;
    private final ReadPace pace;
    private final Map<String, Long> lastEvents = new HashMap<>();
    private final Deque<LiveEvent> events = new ArrayDeque<>();

    private long version;
    private Watched.Link link = Watched.Link.LIVE;
    private Instant since;
    private String problem = "";
    private Instant lastAnswer;
    private @Nullable Instant readStarted;
    private List<LiveRuntime> runtimes = List.of();
    private List<LiveEvent> newestEvents = List.of();

    WatchState(Clock clock, Duration interval) {
        this.clock = clock;
        this.pace = new ReadPace(interval);
        since = clock.instant();
        lastAnswer = since;
    }

    /** Notes that the application is asked. */
    void begin() {
        readStarted = clock.instant();
    }

    /** Returns the number of the last event that is known, by the id of the runtime's instance. */
    Map<String, Long> lastEvents() {
        return Map.copyOf(lastEvents);
    }

    /** Notes the answer to the read, which came at the given time. */
    void answered(List<LiveRuntime> answer, Instant when) {
        pace.took(Duration.between(readStarted == null ? when : readStarted, when));
        takeEvents(answer);
        runtimes = answer;
        lastAnswer = when;
        change(Watched.Link.LIVE, when, "");
    }

    private void takeEvents(List<LiveRuntime> read) {
        List<LiveEvent> fresh = new ArrayList<>();
        for (LiveRuntime runtime : read) {
            long known = lastEvents.getOrDefault(runtime.instance(), 0L);
            runtime.events().stream().filter(event -> event.number() > known).forEach(fresh::add);
        }
        lastEvents.clear();
        read.forEach(runtime -> lastEvents.put(runtime.instance(), runtime.lastEvent()));
        if (!fresh.isEmpty()) {
            fresh.sort(Comparator.comparing(LiveEvent::time));
            events.addAll(fresh);
            while (events.size() > MAX_EVENTS) {
                events.removeFirst();
            }
            newestEvents = List.copyOf(events);
        }
    }

    /** Notes that the read failed. */
    void failed(IOException failure) {
        boolean silent = failure instanceof InterruptedIOException;
        change(silent ? Watched.Link.SILENT : Watched.Link.GONE, lastAnswer, Failures.message(failure));
    }

    private void change(Watched.Link now, Instant when, String why) {
        readStarted = null;
        version++;
        if (link != now) {
            link = now;
            since = when;
        }
        problem = why;
    }

    /** Returns how long to wait until the next read. */
    Duration pause() {
        return pace.interval();
    }

    /** Returns what is known now. A read that is late makes the application silent. */
    Watched watched(String source) {
        if (link == Watched.Link.LIVE
                && readStarted != null
                && Duration.between(readStarted, clock.instant()).compareTo(SILENCE) > 0) {
            return new Watched(version, source, Watched.Link.SILENT, lastAnswer, "no answer", runtimes, newestEvents);
        }
        return new Watched(version, source, link, since, problem, runtimes, newestEvents);
    }
}
