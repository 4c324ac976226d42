package dev.vela.internal.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.vela.ChildSpec;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SupervisorStopTest {

    private final IllegalStateException boom = new IllegalStateException("boom");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Rig rig = new Rig();
    private final FakeStarter a = rig.starter("a");
    private final FakeStarter b = rig.starter("b");
    private final FakeStarter c = rig.starter("c");

    @Test
    void stopsRightToLeft() {
        rig.started(a, b, c);

        rig.supervisor.stop(MINUTE);

        assertThat(rig.happened())
                .containsExactly(
                        "stop c", "exited c: normal", "stop b", "exited b: normal", "stop a", "exited a: normal");
        assertThat(rig.exit()).isCompleted();
        assertThat(rig.supervisor.state()).isEqualTo(SupervisorState.STOPPED);
        assertThat(rig.scheduler.pending()).isZero();
    }

    @Test
    void stopsOneOnlyWhenTheOneToItsRightHasEnded() {
        rig.started(a, b.of(FakeChild::ignoringStop));

        rig.supervisor.stop(MINUTE);

        assertThat(rig.happened()).containsExactly("stop b");
        assertThat(rig.supervisor.state()).isEqualTo(SupervisorState.STOPPING);
        b.last().finish();
        assertThat(rig.happened()).containsExactly("exited b: normal", "stop a", "exited a: normal");
    }

    @Test
    void stopsWithoutChildren() {
        rig.supervisor.stop(Duration.ZERO);
        rig.run();

        assertThat(rig.exit()).isCompleted();
        assertThat(rig.scheduler.pending()).isZero();
    }

    @Test
    void stopsOnce() {
        rig.started(a);

        rig.supervisor.stop(MINUTE);
        rig.supervisor.stop(MINUTE);
        rig.run();
        rig.supervisor.stop(MINUTE);
        rig.supervisor.kill();

        assertThat(rig.happened()).containsExactly("stop a", "exited a: normal");
        assertThat(rig.supervisor.state()).isEqualTo(SupervisorState.STOPPED);
    }

    @Test
    void givesEachChildItsShutdownOrWhatRemains() {
        // Given a deadline of 20 s, one second of which is kept back
        rig.started(
                a.of(FakeChild::ignoringStop).spec().withShutdown(MINUTE),
                b.of(FakeChild::ignoringStop).spec().withShutdown(Duration.ofSeconds(15)),
                c.of(FakeChild::ignoringStop).spec().withShutdown(MINUTE));

        // When
        rig.supervisor.stop(Duration.ofSeconds(20));
        rig.run();
        rig.advance(Duration.ofSeconds(3));
        c.last().finish();
        rig.run();
        rig.advance(Duration.ofSeconds(10));
        b.last().finish();
        rig.run();

        // Then
        assertThat(c.last().deadlines).containsExactly(Duration.ofSeconds(19));
        assertThat(b.last().deadlines).containsExactly(Duration.ofSeconds(15));
        assertThat(a.last().deadlines).containsExactly(Duration.ofSeconds(6));
    }

    @Test
    void killsAChildThatDoesNotStopInItsTime() {
        rig.started(a.spec(), b.of(FakeChild::ignoringStop).spec().withShutdown(Duration.ofSeconds(2)));

        rig.supervisor.stop(MINUTE);
        rig.run();
        rig.advance(Duration.ofMillis(1999));
        assertThat(rig.happened()).containsExactly("stop b");

        rig.advance(Duration.ofMillis(1));
        assertThat(rig.happened()).containsExactly("kill b", "exited b: killed", "stop a", "exited a: normal");
        assertThat(rig.exit()).isCompleted();
    }

    @Test
    void killsTogetherWhatIsLeftAtTheDeadline() {
        rig.started(a.of(FakeChild::ignoringStop), b, c.of(FakeChild::ignoringStop));

        rig.supervisor.stop(Duration.ofSeconds(5));
        rig.run();
        rig.advance(Duration.ofMillis(4500));

        assertThat(rig.happened())
                .containsExactly(
                        "stop c",
                        "kill c",
                        "kill b",
                        "kill a",
                        "exited c: killed",
                        "exited b: killed",
                        "exited a: killed");
        assertThat(rig.exit()).isCompleted();
    }

    @Test
    void abandonsAChildThatIgnoresTheKill() {
        rig.started(a.spec(), b.of(FakeChild::ignoringKill).spec().withShutdown(Duration.ofSeconds(2)));

        rig.supervisor.stop(MINUTE);
        rig.run();
        rig.advance(Duration.ofMillis(2999));
        assertThat(rig.happened()).containsExactly("stop b", "kill b");

        rig.advance(Duration.ofMillis(1));
        assertThat(rig.happened()).containsExactly("abandoned b", "stop a", "exited a: normal");
        assertThat(rig.exit()).isCompleted();
    }

    @Test
    void isOverByTheDeadlineWhateverItsChildrenDo() {
        rig.started(a.of(FakeChild::ignoringKill), b.of(FakeChild::ignoringKill), c.of(FakeChild::ignoringKill));

        rig.supervisor.stop(Duration.ofSeconds(10));
        rig.run();
        rig.advance(Duration.ofSeconds(10));

        assertThat(rig.exit()).isCompleted();
        assertThat(rig.happened()).contains("abandoned a", "abandoned b", "abandoned c");
        assertThat(rig.scheduler.pending()).isZero();
    }

    @Test
    void takesAnEndlessDeadline() {
        rig.started(a.of(FakeChild::ignoringStop).spec().withShutdown(Duration.ofDays(36_500)));

        rig.supervisor.stop(Duration.ofSeconds(Long.MAX_VALUE));
        rig.run();
        rig.advance(Duration.ofDays(1000));

        assertThat(rig.happened()).containsExactly("stop a");
        a.last().finish();
        rig.run();
        assertThat(rig.exit()).isCompleted();
    }

    @Test
    void endsEarlierOnlyWhenAskedTwice() {
        rig.started(a.of(FakeChild::ignoringStop).spec().withShutdown(MINUTE));

        rig.supervisor.stop(Duration.ofSeconds(30));
        rig.supervisor.stop(MINUTE);
        rig.supervisor.stop(Duration.ofSeconds(11));
        rig.supervisor.stop(Duration.ofSeconds(20));
        rig.run();
        rig.advance(Duration.ofMillis(9999));
        assertThat(rig.happened()).containsExactly("stop a");

        rig.advance(Duration.ofMillis(1));
        assertThat(rig.happened()).containsExactly("kill a", "exited a: killed");
    }

    @Test
    void killsAllAtOnce() {
        rig.started(a, b);

        rig.supervisor.kill();

        assertThat(rig.happened()).containsExactly("kill b", "kill a", "exited b: killed", "exited a: killed");
        assertThat(rig.exit()).isCompleted();
        assertThat(rig.scheduler.pending()).isZero();
    }

    @Test
    void killsDuringAStop() {
        rig.started(a, b.of(FakeChild::ignoringStop));
        rig.supervisor.stop(MINUTE);
        rig.run();

        rig.supervisor.kill();

        assertThat(rig.happened())
                .containsExactly("stop b", "kill b", "kill a", "exited b: killed", "exited a: killed");
        assertThat(rig.exit()).isCompleted();
    }

    @Test
    void killsAtOnceWithoutTimeToStop() {
        rig.started(a.spec().withShutdown(Duration.ZERO));

        rig.supervisor.stop(MINUTE);

        assertThat(rig.happened()).containsExactly("kill a", "exited a: killed");
    }

    @Test
    void restartsNothingThatEndsDuringTheStop() {
        rig.started(a, b.of(FakeChild::ignoringStop));
        rig.supervisor.stop(MINUTE);
        rig.run();

        a.last().crash(boom);
        rig.run();
        b.last().crash(boom);
        rig.run();
        rig.advance(MINUTE);

        assertThat(rig.happened()).containsExactly("stop b", "exited a: boom", "exited b: boom");
        assertThat(rig.exit()).isCompleted();
        assertThat(a.calls()).isEqualTo(1);
    }

    @Test
    void forgetsADelayedRestartWhenItStops() {
        // Given
        rig.started(a, b.of(FakeChild::ignoringStop));
        a.last().crash(boom);
        rig.run();

        // When
        rig.supervisor.stop(MINUTE);
        rig.run();
        rig.advance(Duration.ofSeconds(5));

        // Then
        assertThat(a.calls()).isEqualTo(1);
        assertThat(rig.get(rig.supervisor.restartChild("a"))).isFalse();
        b.last().finish();
        rig.run();
        assertThat(rig.exit()).isCompleted();
        assertThat(rig.scheduler.pending()).isZero();
    }

    @Test
    void ignoresExitsAfterTheStop() {
        rig.started(a.of(FakeChild::ignoringKill));
        rig.supervisor.kill();
        rig.run();
        rig.advance(Duration.ofSeconds(1));
        assertThat(rig.happened()).containsExactly("kill a", "abandoned a");

        a.last().crash(boom);
        rig.run();

        assertThat(rig.happened()).isEmpty();
        assertThat(rig.scheduler.pending()).isZero();
    }

    @Test
    void stopsAChildThatCannotBeAsked() {
        // Given
        CompletableFuture<Void> exit = new CompletableFuture<>();
        ChildSpec.Child rude = new ChildSpec.Child() {
            @Override
            public CompletableFuture<Void> exit() {
                return exit;
            }

            @Override
            public void stop(Duration deadline) {
                throw boom;
            }

            @Override
            public void kill() {
                throw boom;
            }
        };
        rig.started(ChildSpec.of("a", () -> CompletableFuture.completedFuture(rude)));

        // When
        rig.supervisor.stop(Duration.ofSeconds(10));
        rig.run();
        rig.advance(Duration.ofSeconds(10));

        // Then
        assertThat(rig.exit()).isCompleted();
        assertThat(rig.happened()).containsExactly("abandoned a");
    }

    @Test
    void refusesANegativeDeadline() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rig.supervisor.stop(Duration.ofNanos(-1)))
                .withMessage("deadline must be >= 0, was PT-0.000000001S");
    }

    @Test
    void stopsOneChildAndKeepsTheOthers() {
        rig.started(a, b.of(FakeChild::ignoringStop), c);

        CompletableFuture<Boolean> stopped = rig.supervisor.stopChild("b");

        assertThat(rig.happened()).containsExactly("stop b");
        assertThat(stopped).isNotDone();
        assertThat(rig.children()).containsEntry("b", ChildState.STOPPING);
        b.last().crash(boom);
        assertThat(rig.get(stopped)).isTrue();
        assertThat(rig.happened()).containsExactly("exited b: boom");
        assertThat(rig.children().keySet()).containsExactly("a", "c");
        rig.advance(MINUTE);
        assertThat(b.calls()).isEqualTo(1);
    }

    @Test
    void killsAndAbandonsOneChildThatWillNotStop() {
        rig.started(a, b.of(FakeChild::ignoringKill));

        CompletableFuture<Boolean> stopped = rig.supervisor.stopChild("b");
        rig.run();
        rig.advance(Duration.ofSeconds(10));
        assertThat(rig.children()).containsEntry("b", ChildState.KILLED);
        rig.advance(Duration.ofSeconds(1));

        assertThat(rig.get(stopped)).isTrue();
        assertThat(rig.happened()).containsExactly("stop b", "kill b", "abandoned b");
        assertThat(rig.children()).containsOnlyKeys("a");
    }

    @Test
    void forgetsADelayedRestartWhenItsChildIsStopped() {
        rig.started(a);
        a.last().crash(boom);
        rig.run();

        assertThat(rig.get(rig.supervisor.stopChild("a"))).isTrue();

        rig.advance(MINUTE);
        assertThat(a.calls()).isEqualTo(1);
        assertThat(rig.children()).isEmpty();
    }

    @Test
    void answersEveryoneWhoStopsTheSameChild() {
        rig.started(a.of(FakeChild::ignoringStop));
        CompletableFuture<Boolean> first = rig.supervisor.stopChild("a");
        CompletableFuture<Boolean> second = rig.supervisor.stopChild("a");
        rig.run();
        rig.supervisor.stop(MINUTE);
        rig.run();

        a.last().finish();

        assertThat(rig.get(first)).isTrue();
        assertThat(rig.get(second)).isTrue();
        assertThat(rig.happened()).containsExactly("stop a", "exited a: normal");
        assertThat(rig.exit()).isCompleted();
    }

    @Test
    void doesNotStopAChildItDoesNotHave() {
        rig.started(a);

        assertThat(rig.get(rig.supervisor.stopChild("nobody"))).isFalse();
        rig.get(rig.supervisor.stopChild("a"));
        assertThat(rig.get(rig.supervisor.stopChild("a"))).isFalse();
    }

    @Test
    void takesCallsFromWhatDependsOnItsExit() {
        rig.started(a);
        CompletableFuture<Void> refused = rig.exit().thenCompose(ended -> rig.supervisor.start(List.of(b.spec())));

        rig.supervisor.stop(MINUTE);

        assertThat(rig.failure(refused)).hasRootCauseMessage("supervisor root is STOPPED");
    }

    @Test
    void stopsManyChildrenThatAreNotRunning() {
        ChildSpec[] specs = new ChildSpec[5_000];
        for (int i = 0; i < specs.length; i++) {
            specs[i] = ChildSpec.of("child " + i, CompletableFuture::new);
        }
        CompletableFuture<Void> started = rig.supervisor.start(List.of(specs));
        rig.run();

        rig.supervisor.stop(MINUTE);

        assertThat(rig.failure(started)).isInstanceOf(IllegalStateException.class);
        assertThat(rig.exit()).isCompleted();
    }
}
