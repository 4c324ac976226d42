package dev.vela.internal.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;

import dev.vela.ChildSpec;
import dev.vela.ChildSpec.Restart;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SupervisorStartTest {

    private static final Duration MILLIS_100 = Duration.ofMillis(100);

    private final Rig rig = new Rig();
    private final FakeStarter a = rig.starter("a");
    private final FakeStarter b = rig.starter("b");
    private final FakeStarter c = rig.starter("c");

    @Test
    void startsLeftToRight() {
        CompletableFuture<Void> started = rig.supervisor.start(List.of(a.spec(), b.spec(), c.spec()));

        assertThat(rig.happened())
                .containsExactly("start a", "start b", "start c", "started a", "started b", "started c");
        assertThat(started).isCompleted();
        assertThat(rig.children()).containsExactly(running("a"), running("b"), running("c"));
    }

    @Test
    void startsNothingBeforeTheControlThreadRuns() {
        CompletableFuture<Void> started = rig.supervisor.start(List.of(a.spec()));

        assertThat(started).isNotDone();
        assertThat(a.calls()).isZero();
    }

    @Test
    void startsWithoutChildren() {
        rig.get(rig.supervisor.start(List.of()));

        assertThat(rig.supervisor.state()).isEqualTo(SupervisorState.RUNNING);
    }

    @Test
    void callsTheNextStarterBeforeTheOneBeforeHasAnswered() {
        CompletableFuture<FakeChild> slow = a.thenWait();

        CompletableFuture<Void> started = rig.supervisor.start(List.of(a.spec(), b.spec()));

        assertThat(rig.happened()).containsExactly("start a", "start b", "started b");
        assertThat(started).isNotDone();
        slow.complete(a.newChild());
        assertThat(rig.happened()).containsExactly("started a");
        assertThat(started).isCompleted();
    }

    static Stream<Named<Consumer<FakeStarter>>> failingStarts() {
        IllegalStateException boom = new IllegalStateException("boom");
        return Stream.of(
                Named.of("a failed stage", starter -> starter.thenFail(boom)),
                Named.of("a stage that wraps it", starter -> starter.thenFail(new CompletionException(boom))),
                Named.of(
                        "a stage that wraps it twice",
                        starter -> starter.thenFail(new CompletionException(new ExecutionException(boom)))),
                Named.of(
                        "an exception",
                        starter -> starter.then(() -> {
                            throw boom;
                        })));
    }

    @ParameterizedTest
    @MethodSource("failingStarts")
    void triesAFailedStartAgainAndKeepsTheOthers(Consumer<FakeStarter> failing) {
        // Given
        failing.accept(a);

        // When
        CompletableFuture<Void> started = rig.supervisor.start(List.of(a.spec(), b.spec()));

        // Then
        assertThat(rig.happened())
                .containsExactly(
                        "start a", "start b", "exited a: boom", "restarting a: attempt 0 in 100 ms: boom", "started b");
        assertThat(started).isCompleted();
        assertThat(rig.children().get("a")).isEqualTo(ChildState.BACKING_OFF);
        rig.advance(MILLIS_100);
        assertThat(rig.happened()).containsExactly("start a", "restarted a");
    }

    @Test
    void treatsAStarterWithoutAStageAsAFailedStart() {
        a.then(() -> null);

        rig.get(rig.supervisor.start(List.of(a.spec())));

        assertThat(rig.happened()).contains("exited a: the starter returned no stage");
    }

    @Test
    void treatsAStageWithoutAChildAsAFailedStart() {
        a.then(() -> CompletableFuture.completedFuture(null));

        rig.get(rig.supervisor.start(List.of(a.spec())));

        assertThat(rig.happened()).contains("exited a: the starter of a yielded no child");
    }

    @Test
    void killsAChildThatCannotBeWatched() {
        MuteChild mute = new MuteChild();
        ChildSpec spec =
                ChildSpec.of("a", () -> CompletableFuture.completedFuture(mute)).withRestart(Restart.TEMPORARY);

        rig.get(rig.supervisor.start(List.of(spec)));

        assertThat(mute.killed).isTrue();
        assertThat(rig.children()).isEmpty();
    }

    @Test
    void noticesAChildThatEndedBeforeItWasWatched() {
        a.then(() -> {
            FakeChild child = a.newChild();
            child.crash(new IllegalStateException("stillborn"));
            return CompletableFuture.completedFuture(child);
        });

        rig.get(rig.supervisor.start(List.of(a.spec())));

        assertThat(rig.happened())
                .containsExactly(
                        "start a", "started a", "exited a: stillborn", "restarting a: attempt 0 in 100 ms: stillborn");
    }

    @Test
    void removesATemporaryChildWhoseStartFails() {
        a.thenFail(new IllegalStateException("boom"));

        CompletableFuture<Void> started =
                rig.supervisor.start(List.of(a.spec().withRestart(Restart.TEMPORARY), b.spec()));

        rig.get(started);
        assertThat(rig.children()).containsOnlyKeys("b");
    }

    @Test
    void refusesTheSameIdTwiceBeforeAnythingStarts() {
        CompletableFuture<Void> started =
                rig.supervisor.start(List.of(a.spec(), b.spec(), c.spec().withId("a")));

        assertThat(rig.failure(started))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("supervisor root has a child a already");
        assertThat(rig.happened()).isEmpty();
        assertThat(rig.children()).isEmpty();
    }

    @Test
    void refusesAnIdThatIsTaken() {
        rig.started(a, b);

        Throwable fromStart = rig.failure(rig.supervisor.start(List.of(c.spec(), b.spec())));
        Throwable fromStartChild = rig.failure(rig.supervisor.startChild(b.spec()));

        assertThat(fromStart).isInstanceOf(IllegalStateException.class).hasMessageContaining("child b already");
        assertThat(fromStartChild).isInstanceOf(IllegalStateException.class).hasMessageContaining("child b already");
        assertThat(rig.happened()).isEmpty();
    }

    @Test
    void addsAChildToTheRight() {
        rig.started(a, b);

        rig.get(rig.supervisor.startChild(c.spec()));

        assertThat(rig.happened()).containsExactly("start c", "started c");
        assertThat(rig.children().keySet()).containsExactly("a", "b", "c");
    }

    @Test
    void answersForALateChildOnceItsFirstStartIsAnswered() {
        IllegalStateException boom = new IllegalStateException("boom");
        a.thenFail(boom);
        b.thenFail(boom);

        CompletableFuture<Void> kept = rig.supervisor.startChild(a.spec());
        CompletableFuture<Void> lost = rig.supervisor.startChild(b.spec().withRestart(Restart.TEMPORARY));

        assertThat(rig.failure(kept)).isNull();
        assertThat(rig.failure(lost)).isSameAs(boom);
    }

    @Test
    void takesTheIdOfAChildThatHasGone() {
        rig.started(a, b);
        rig.get(rig.supervisor.stopChild("a"));

        rig.get(rig.supervisor.startChild(a.spec()));

        assertThat(rig.children().keySet()).containsExactly("b", "a");
    }

    @Test
    void chargesFailedStartsToTheIntensity() {
        // Given
        Rig strict = new Rig(2);
        FakeStarter broken = strict.starter("a");
        IllegalStateException last = new IllegalStateException("third");
        broken.thenFail(new IllegalStateException("first"))
                .thenFail(new IllegalStateException("second"))
                .thenFail(last);
        strict.get(strict.supervisor.start(
                List.of(broken.spec(), strict.starter("b").spec())));

        // When
        strict.advance(Duration.ofSeconds(1));

        // Then
        assertThat(strict.failure(strict.exit()))
                .isInstanceOf(IntensityExceededException.class)
                .hasCause(last);
    }

    @Test
    void failsTheStartThatExceedsTheIntensity() {
        Rig strict = new Rig(0);
        IllegalStateException boom = new IllegalStateException("boom");
        FakeStarter broken = strict.starter("a").thenFail(boom);
        FakeStarter fine = strict.starter("b");

        CompletableFuture<Void> started = strict.supervisor.start(List.of(broken.spec(), fine.spec()));

        assertThat(strict.failure(started))
                .isInstanceOf(IntensityExceededException.class)
                .hasCause(boom);
        assertThat(strict.failure(strict.exit())).isSameAs(strict.failure(started));
        assertThat(fine.alive()).isZero();
    }

    @Test
    void killsAChildThatStartsAfterTheStop() {
        // Given
        CompletableFuture<FakeChild> slow = a.thenWait();
        CompletableFuture<Void> started = rig.supervisor.start(List.of(a.spec()));
        rig.run();

        // When
        rig.supervisor.stop(Duration.ofSeconds(10));
        rig.run();

        // Then
        assertThat(rig.failure(started)).isInstanceOf(IllegalStateException.class);
        assertThat(rig.exit()).isCompleted();
        slow.complete(a.newChild());
        rig.run();
        assertThat(a.alive()).isZero();
        assertThat(rig.happened()).startsWith("start a", "kill a").doesNotContain("started a");
    }

    @Test
    void killsAChildThatStartsWhenNobodyRunsTasksAnyMore() {
        CompletableFuture<FakeChild> slow = a.thenWait();
        CompletableFuture<Void> started = rig.supervisor.start(List.of(a.spec()));
        rig.supervisor.stop(Duration.ofSeconds(10));
        assertThat(rig.failure(started)).isInstanceOf(IllegalStateException.class);

        slow.complete(a.newChild());

        assertThat(a.alive()).isZero();
    }

    @Test
    void killsAChildThatStartsAfterItWasStopped() {
        CompletableFuture<FakeChild> slow = a.thenWait();
        CompletableFuture<Void> started = rig.supervisor.startChild(a.spec());
        rig.run();

        assertThat(rig.get(rig.supervisor.stopChild("a"))).isTrue();

        assertThat(rig.failure(started))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("child a was stopped before it had started");
        slow.complete(a.newChild());
        rig.run();
        assertThat(a.alive()).isZero();
        assertThat(rig.children()).isEmpty();
    }

    @Test
    void startsNothingOnceItIsStopped() {
        rig.supervisor.stop(Duration.ZERO);
        rig.run();

        Throwable fromStart = rig.failure(rig.supervisor.start(List.of(a.spec())));
        Throwable fromStartChild = rig.failure(rig.supervisor.startChild(b.spec()));

        assertThat(Arrays.asList(fromStart, fromStartChild))
                .allSatisfy(failure -> assertThat(failure)
                        .asInstanceOf(throwable(IllegalStateException.class))
                        .hasMessage("supervisor root is STOPPED"));
        assertThat(rig.happened()).isEmpty();
    }

    @Test
    void refusesNullAtTheCall() {
        assertThatNullPointerException().isThrownBy(() -> rig.supervisor.start(null));
        assertThatNullPointerException().isThrownBy(() -> rig.supervisor.start(Arrays.asList(a.spec(), null)));
        assertThatNullPointerException().isThrownBy(() -> rig.supervisor.startChild(null));
        assertThatNullPointerException().isThrownBy(() -> rig.supervisor.stopChild(null));
        assertThatNullPointerException().isThrownBy(() -> rig.supervisor.restartChild(null));
    }

    private static Map.Entry<String, ChildState> running(String id) {
        return Map.entry(id, ChildState.RUNNING);
    }

    /** A child that has no exit. */
    private static final class MuteChild implements ChildSpec.Child {
        boolean killed;

        @Override
        public CompletableFuture<Void> exit() {
            return null;
        }

        @Override
        public void stop(Duration deadline) {}

        @Override
        public void kill() {
            killed = true;
            throw new IllegalStateException("expected by the test");
        }
    }
}
