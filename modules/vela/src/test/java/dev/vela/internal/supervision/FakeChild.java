package dev.vela.internal.supervision;

import dev.vela.ChildSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A child that ends when the test says so, and obeys unless told not to. */
final class FakeChild implements ChildSpec.Child {

    private final String name;
    private final List<String> journal;
    private final CompletableFuture<Void> exit = new CompletableFuture<>();
    private boolean obeysStop = true;
    private boolean obeysKill = true;
    final List<Duration> deadlines = new ArrayList<>();

    FakeChild(String name, List<String> journal) {
        this.name = name;
        this.journal = journal;
    }

    FakeChild ignoringStop() {
        obeysStop = false;
        return this;
    }

    FakeChild ignoringKill() {
        obeysKill = false;
        return ignoringStop();
    }

    void finish() {
        exit.complete(null);
    }

    void crash(Throwable cause) {
        exit.completeExceptionally(cause);
    }

    boolean isAlive() {
        return !exit.isDone();
    }

    @Override
    public CompletionStage<Void> exit() {
        return exit;
    }

    @Override
    public void stop(Duration deadline) {
        journal.add("stop " + name);
        deadlines.add(deadline);
        if (obeysStop) {
            finish();
        }
    }

    @Override
    public void kill() {
        journal.add("kill " + name);
        if (obeysKill) {
            crash(new IllegalStateException("killed"));
        }
    }
}
