package dev.vela.internal.supervision;

import dev.vela.Backoff;
import dev.vela.ChildSpec;
import dev.vela.RestartIntensity;
import dev.vela.internal.scheduling.ManualScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A supervisor on a manual scheduler, with all that happens written down in order. */
final class Rig {

    static final Duration PERIOD = Duration.ofSeconds(60);

    /** 100 ms, 200 ms, 400 ms, 800 ms, 1 s, 1 s ... */
    static final Backoff BACKOFF = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1), 2, 0);

    final ManualScheduler scheduler = new ManualScheduler();

    /** What starters, children and the listener saw. */
    final List<String> journal = new ArrayList<>();

    final Supervisor supervisor;

    Rig() {
        this(100);
    }

    Rig(int maxRestarts) {
        supervisor = newSupervisor("root", maxRestarts);
    }

    Supervisor newSupervisor(String name, int maxRestarts) {
        return new Supervisor(
                name,
                RestartIntensity.of(maxRestarts, PERIOD),
                BACKOFF,
                scheduler,
                new Random(1),
                new JournalListener(journal));
    }

    FakeStarter starter(String name) {
        return new FakeStarter(name, journal);
    }

    /** Starts children and forgets what was written down about it. */
    Rig started(FakeStarter... starters) {
        return started(Arrays.stream(starters).map(FakeStarter::spec).toArray(ChildSpec[]::new));
    }

    Rig started(ChildSpec... specs) {
        get(supervisor.start(List.of(specs)));
        journal.clear();
        return this;
    }

    /** Runs what is due now, and yields what the future then holds. */
    <T> T get(CompletableFuture<T> future) {
        scheduler.runPending();
        if (!future.isDone()) {
            throw new AssertionError("not done yet");
        }
        return future.join();
    }

    /** What the future failed with, or null if it did not; runs what is due now. */
    @Nullable
    Throwable failure(CompletableFuture<?> future) {
        scheduler.runPending();
        if (!future.isDone()) {
            throw new AssertionError("not done yet");
        }
        return future.handle((value, failure) -> failure).join();
    }

    CompletableFuture<Void> exit() {
        return supervisor.exit().toCompletableFuture();
    }

    Map<String, ChildState> children() {
        return get(supervisor.children());
    }

    void run() {
        scheduler.runPending();
    }

    void advance(Duration duration) {
        scheduler.advance(duration);
    }

    /** What was written down since the last call. */
    List<String> happened() {
        scheduler.runPending();
        List<String> copy = List.copyOf(journal);
        journal.clear();
        return copy;
    }
}
