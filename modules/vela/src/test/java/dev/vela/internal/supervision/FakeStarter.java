package dev.vela.internal.supervision;

import dev.vela.ChildSpec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Starts fake children at once, unless the test has scripted another answer. */
final class FakeStarter implements ChildSpec.Starter {

    private final String name;
    private final List<String> journal;
    private final Deque<Supplier<CompletionStage<FakeChild>>> script = new ArrayDeque<>();
    private UnaryOperator<FakeChild> kind = UnaryOperator.identity();
    private int calls;

    /** All that were started or made, the last one last. */
    final List<FakeChild> children = new ArrayList<>();

    FakeStarter(String name, List<String> journal) {
        this.name = name;
        this.journal = journal;
    }

    /** Makes all its children of this kind from now on. */
    FakeStarter of(UnaryOperator<FakeChild> kind) {
        this.kind = kind;
        return this;
    }

    /** Answers the next call, after those scripted before, with this. */
    FakeStarter then(Supplier<CompletionStage<FakeChild>> answer) {
        script.add(answer);
        return this;
    }

    FakeStarter thenFail(Throwable cause) {
        return then(() -> CompletableFuture.failedFuture(cause));
    }

    /** Answers the next call only when the test completes the returned future. */
    CompletableFuture<FakeChild> thenWait() {
        CompletableFuture<FakeChild> answer = new CompletableFuture<>();
        then(() -> answer);
        return answer;
    }

    FakeChild newChild() {
        FakeChild child = kind.apply(new FakeChild(name, journal));
        children.add(child);
        return child;
    }

    FakeChild last() {
        return children.get(children.size() - 1);
    }

    int calls() {
        return calls;
    }

    long alive() {
        return children.stream().filter(FakeChild::isAlive).count();
    }

    ChildSpec spec() {
        return ChildSpec.of(name, this);
    }

    @Override
    public CompletionStage<FakeChild> start() {
        calls++;
        journal.add("start " + name);
        Supplier<CompletionStage<FakeChild>> answer = script.poll();
        return answer == null ? CompletableFuture.completedFuture(newChild()) : answer.get();
    }
}
