package dev.vela.internal.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.Backoff;
import dev.vela.ChildSpec;
import dev.vela.ChildSpec.Restart;
import dev.vela.RestartIntensity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SupervisorRestartTest {

    private final IllegalStateException boom = new IllegalStateException("boom");
    private static final Duration LONG = Duration.ofSeconds(10);

    private final Rig rig = new Rig();
    private final FakeStarter a = rig.starter("a");
    private final FakeStarter b = rig.starter("b");
    private final FakeStarter c = rig.starter("c");

    @Test
    void restartsOnlyTheCrashedChild() {
        // Given
        rig.started(a, b, c);

        // When
        b.last().crash(boom);

        // Then
        assertThat(rig.happened()).containsExactly("exited b: boom", "restarting b: attempt 0 in 100 ms: boom");
        assertThat(rig.children()).containsEntry("b", ChildState.BACKING_OFF);
        rig.advance(Duration.ofMillis(99));
        assertThat(rig.happened()).isEmpty();
        rig.advance(Duration.ofMillis(1));
        assertThat(rig.happened()).containsExactly("start b", "restarted b");
        assertThat(rig.children().keySet()).containsExactly("a", "b", "c");
        assertThat(List.of(a.calls(), b.calls(), c.calls())).containsExactly(1, 2, 1);
    }

    @ParameterizedTest
    @CsvSource({
        "PERMANENT, normal, true",
        "PERMANENT, abnormal, true",
        "TRANSIENT, normal, false",
        "TRANSIENT, abnormal, true",
        "TEMPORARY, normal, false",
        "TEMPORARY, abnormal, false",
    })
    void restartsByTypeAndExit(Restart restart, String exit, boolean restarted) {
        rig.started(a.spec().withRestart(restart), b.spec());

        if (exit.equals("normal")) {
            a.last().finish();
        } else {
            a.last().crash(boom);
        }
        rig.run();

        assertThat(rig.children().containsKey("a")).isEqualTo(restarted);
        rig.advance(LONG);
        assertThat(a.calls()).isEqualTo(restarted ? 2 : 1);
        assertThat(b.calls()).isEqualTo(1);
        assertThat(rig.supervisor.state()).isEqualTo(SupervisorState.RUNNING);
    }

    @ParameterizedTest
    @CsvSource({"PERMANENT, true", "TRANSIENT, true", "TEMPORARY, false"})
    void takesAFailedStartForAnAbnormalExit(Restart restart, boolean triedAgain) {
        a.thenFail(boom);

        rig.started(a.spec().withRestart(restart));
        rig.advance(LONG);

        assertThat(a.calls()).isEqualTo(triedAgain ? 2 : 1);
    }

    @Test
    void tellsTheBareCause() {
        rig.started(a);

        a.last().crash(new CompletionException(boom));

        assertThat(rig.happened()).startsWith("exited a: boom");
    }

    @Test
    void keepsRunningWhenItsLastChildHasGone() {
        rig.started(a.spec().withRestart(Restart.TEMPORARY));

        a.last().finish();
        rig.run();

        assertThat(rig.children()).isEmpty();
        assertThat(rig.exit()).isNotDone();
        rig.get(rig.supervisor.startChild(b.spec()));
    }

    @Test
    void backsOffFurtherWithEachRestartInARow() {
        rig.started(a);
        List<String> restarts = new ArrayList<>();

        for (int i = 0; i < 6; i++) {
            a.last().crash(boom);
            restarts.add(rig.happened().get(1));
            rig.advance(Duration.ofSeconds(1));
            rig.journal.clear();
        }

        assertThat(restarts)
                .containsExactly(
                        "restarting a: attempt 0 in 100 ms: boom",
                        "restarting a: attempt 1 in 200 ms: boom",
                        "restarting a: attempt 2 in 400 ms: boom",
                        "restarting a: attempt 3 in 800 ms: boom",
                        "restarting a: attempt 4 in 1000 ms: boom",
                        "restarting a: attempt 5 in 1000 ms: boom");
    }

    @Test
    void backsOffFurtherWithEachFailedStart() {
        a.thenFail(boom).thenFail(boom).thenFail(boom);

        rig.started(a);
        rig.advance(Duration.ofMillis(100 + 200 + 400 - 1));
        assertThat(a.calls()).isEqualTo(3);

        rig.advance(Duration.ofMillis(1));
        assertThat(a.calls()).isEqualTo(4);
        assertThat(a.alive()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"PT1S, 1", "PT1.000000001S, 0"})
    void beginsAnewOnceTheChildWasUpForLongerThanTheLongestDelay(Duration up, int attempt) {
        rig.started(a);
        a.last().crash(boom);
        rig.advance(Duration.ofMillis(100));
        rig.journal.clear();

        rig.advance(up);
        a.last().crash(boom);

        assertThat(rig.happened().get(1)).startsWith("restarting a: attempt " + attempt + " ");
    }

    @Test
    void countsRestartsInARowForEachChildAlone() {
        rig.started(a, b);
        a.last().crash(boom);
        rig.advance(Duration.ofMillis(100));
        rig.journal.clear();

        b.last().crash(boom);

        assertThat(rig.happened()).contains("restarting b: attempt 0 in 100 ms: boom");
    }

    @Test
    void doesNotCountTheTimeOfAStartAsUptime() {
        rig.started(a);
        a.last().crash(boom);
        CompletableFuture<FakeChild> slow = a.thenWait();
        rig.advance(LONG);
        slow.complete(a.newChild());
        rig.run();
        rig.journal.clear();

        a.last().crash(boom);

        assertThat(rig.happened()).contains("restarting a: attempt 1 in 200 ms: boom");
    }

    @Test
    void drawsItsDelaysFromTheGivenRandom() {
        Backoff jittered = Backoff.exponential(Duration.ofMillis(100), Duration.ofSeconds(1));
        Supervisor supervisor = new Supervisor(
                "root",
                RestartIntensity.of(9, Rig.PERIOD),
                jittered,
                rig.scheduler,
                new Random(7),
                new JournalListener(rig.journal));
        rig.get(supervisor.start(List.of(a.spec())));

        a.last().crash(boom);

        Duration expected = jittered.delay(0, new Random(7));
        assertThat(rig.happened()).contains("restarting a: attempt 0 in " + expected.toMillis() + " ms: boom");
    }

    @Test
    void ignoresAnExitThatIsToldTwice() {
        // Given an exit that runs what depends on it twice, the second time when the child has long been replaced
        TalkativeChild first = new TalkativeChild();
        CompletableFuture<TalkativeChild> answer = CompletableFuture.completedFuture(first);
        int[] calls = {0};
        ChildSpec spec = ChildSpec.of("a", () -> calls[0]++ == 0 ? answer : a.start());
        rig.started(spec);
        first.exit.tell(boom);
        rig.run();
        rig.advance(Duration.ofMillis(100));
        assertThat(rig.children()).containsEntry("a", ChildState.RUNNING);
        rig.journal.clear();

        // When
        first.exit.tell(boom);

        // Then
        assertThat(rig.happened()).isEmpty();
        assertThat(rig.children()).containsEntry("a", ChildState.RUNNING);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void toleratesAsManyRestartsAsItsIntensityAndNoMore(int maxRestarts) {
        // Given
        Rig strict = new Rig(maxRestarts);
        FakeStarter child = strict.starter("a");
        FakeStarter other = strict.starter("b");
        strict.started(child, other);
        for (int i = 0; i < maxRestarts; i++) {
            child.last().crash(boom);
            strict.advance(Duration.ofSeconds(2));
        }
        assertThat(strict.supervisor.state()).isEqualTo(SupervisorState.RUNNING);
        strict.journal.clear();

        // When
        child.last().crash(boom);

        // Then
        assertThat(strict.happened()).containsExactly("exited a: boom", "failed", "stop b", "exited b: normal");
        assertThat(strict.supervisor.state()).isEqualTo(SupervisorState.FAILED);
        assertThat(strict.failure(strict.exit()))
                .isInstanceOf(IntensityExceededException.class)
                .hasMessage("supervisor root gave up: " + (maxRestarts + 1) + " restarts within 1 min, at most "
                        + maxRestarts + " allowed")
                .hasCause(boom);
        assertThat(strict.scheduler.pending()).isZero();
    }

    @Test
    void countsTheRestartsOfAllChildrenTogether() {
        Rig strict = new Rig(1);
        FakeStarter left = strict.starter("a");
        FakeStarter right = strict.starter("b");
        strict.started(left, right);

        left.last().crash(boom);
        right.last().finish();

        assertThat(strict.failure(strict.exit()))
                .isInstanceOf(IntensityExceededException.class)
                .hasNoCause();
    }

    @Test
    void startsNothingWhileItFails() {
        // Given one child that waits for its restart, and one that takes its time to stop
        Rig strict = new Rig(1);
        FakeStarter waiting = strict.starter("a");
        FakeStarter last = strict.starter("b");
        FakeStarter slow = strict.starter("c").of(FakeChild::ignoringStop);
        strict.started(waiting, last, slow);
        waiting.last().crash(boom);
        strict.run();

        // When
        last.last().crash(boom);
        strict.run();
        strict.advance(Duration.ofSeconds(5));

        // Then
        assertThat(strict.supervisor.state()).isEqualTo(SupervisorState.STOPPING);
        assertThat(strict.children()).containsOnlyKeys("c");
        slow.last().finish();
        assertThat(strict.failure(strict.exit())).isInstanceOf(IntensityExceededException.class);
        assertThat(List.of(waiting.calls(), last.calls(), slow.calls())).containsExactly(1, 1, 1);
    }

    @Test
    void failsEvenIfItIsAskedToStopMeanwhile() {
        Rig strict = new Rig(0);
        FakeStarter last = strict.starter("a");
        FakeStarter stubborn = strict.starter("b").of(FakeChild::ignoringStop);
        strict.started(last, stubborn);
        last.last().crash(boom);
        strict.run();

        strict.supervisor.stop(Duration.ofSeconds(2));
        strict.run();
        strict.advance(Duration.ofSeconds(2));

        assertThat(strict.failure(strict.exit())).isInstanceOf(IntensityExceededException.class);
        assertThat(strict.happened()).contains("kill b");
    }

    @Test
    void forgetsRestartsOlderThanThePeriod() {
        Rig strict = new Rig(1);
        FakeStarter child = strict.starter("a");
        strict.started(child);

        for (int i = 0; i < 5; i++) {
            child.last().crash(boom);
            strict.advance(Rig.PERIOD.plusNanos(1));
        }

        assertThat(strict.supervisor.state()).isEqualTo(SupervisorState.RUNNING);
        assertThat(child.alive()).isEqualTo(1);
    }

    @Test
    void countsARestartThatIsExactlyOnePeriodOld() {
        Rig strict = new Rig(1);
        FakeStarter child = strict.starter("a");
        strict.started(child);

        child.last().crash(boom);
        strict.advance(Rig.PERIOD);
        child.last().crash(boom);
        strict.run();

        assertThat(strict.supervisor.state()).isEqualTo(SupervisorState.FAILED);
    }

    @Test
    void doesNotCountChildrenThatAreNotRestarted() {
        Rig strict = new Rig(0);
        FakeStarter left = strict.starter("a");
        FakeStarter right = strict.starter("b");
        strict.started(left.spec().withRestart(Restart.TEMPORARY), right.spec().withRestart(Restart.TRANSIENT));

        left.last().crash(boom);
        right.last().finish();
        strict.run();

        assertThat(strict.supervisor.state()).isEqualTo(SupervisorState.RUNNING);
    }

    @Test
    void startsAWaitingChildNowWhenAsked() {
        // Given
        rig.started(a);
        a.last().crash(boom);
        rig.advance(Duration.ofMillis(100));
        a.last().crash(boom);
        rig.run();
        rig.journal.clear();

        // When
        boolean restarted = rig.get(rig.supervisor.restartChild("a"));

        // Then it runs, its timer is gone, and its backoff begins anew
        assertThat(restarted).isTrue();
        assertThat(rig.happened()).containsExactly("start a", "restarted a");
        assertThat(rig.scheduler.pending()).isZero();
        a.last().crash(boom);
        assertThat(rig.happened()).contains("restarting a: attempt 0 in 100 ms: boom");
    }

    @Test
    void doesNotRestartAChildThatIsUnknownOrRunningOrStarting() {
        CompletableFuture<FakeChild> slow = b.thenWait();
        CompletableFuture<Void> started = rig.supervisor.start(List.of(a.spec(), b.spec()));

        assertThat(rig.get(rig.supervisor.restartChild("nobody"))).isFalse();
        assertThat(rig.get(rig.supervisor.restartChild("a"))).isFalse();
        assertThat(rig.get(rig.supervisor.restartChild("b"))).isFalse();
        slow.complete(b.newChild());
        rig.get(started);
        assertThat(List.of(a.calls(), b.calls())).containsExactly(1, 1);
    }

    @Test
    void doesNotChargeARestartThatWasAskedFor() {
        Rig strict = new Rig(1);
        FakeStarter child = strict.starter("a");
        strict.started(child);
        child.last().crash(boom);
        strict.run();

        strict.get(strict.supervisor.restartChild("a"));

        assertThat(strict.supervisor.state()).isEqualTo(SupervisorState.RUNNING);
    }

    @Test
    void survivesAListenerThatThrows() {
        // Given
        Supervisor supervisor = new Supervisor(
                "root",
                RestartIntensity.of(1, Rig.PERIOD),
                Rig.BACKOFF,
                rig.scheduler,
                new Random(1),
                new ThrowingListener());
        rig.get(supervisor.start(List.of(a.spec(), b.of(FakeChild::ignoringKill).spec())));

        // When
        a.last().crash(boom);
        rig.advance(Duration.ofSeconds(1));
        a.last().crash(boom);
        rig.advance(Duration.ofMinutes(1));

        // Then
        assertThat(a.calls()).isEqualTo(2);
        assertThat(supervisor.state()).isEqualTo(SupervisorState.FAILED);
    }

    @Test
    void takesCallsFromAListener() {
        // Given a listener that restarts at once
        Supervisor[] supervisor = new Supervisor[1];
        List<CompletableFuture<Boolean>> answers = new ArrayList<>();
        SupervisorListener impatient = new SupervisorListener() {
            @Override
            public void childRestarting(String id, int attempt, Duration delay, Throwable cause) {
                answers.add(supervisor[0].restartChild(id));
            }
        };
        supervisor[0] = new Supervisor(
                "root", RestartIntensity.of(9, Rig.PERIOD), Rig.BACKOFF, rig.scheduler, new Random(1), impatient);
        rig.get(supervisor[0].start(List.of(a.spec())));

        // When
        a.last().crash(boom);
        rig.run();

        // Then
        assertThat(answers)
                .singleElement()
                .satisfies(answer -> assertThat(answer).isCompletedWithValue(true));
        assertThat(a.alive()).isEqualTo(1);
    }

    @Test
    void hopsBackFromOtherThreads() throws InterruptedException {
        CompletableFuture<FakeChild> slow = a.thenWait();
        CompletableFuture<Void> started = rig.supervisor.start(List.of(a.spec()));
        rig.run();

        Thread other = new Thread(() -> slow.complete(a.newChild()));
        other.start();
        other.join();

        assertThat(rig.journal).containsExactly("start a");
        rig.get(started);
        assertThat(rig.journal).containsExactly("start a", "started a");
        Thread another = new Thread(() -> a.last().crash(boom));
        another.start();
        another.join();
        assertThat(rig.journal).hasSize(2);
        assertThat(rig.happened()).endsWith("exited a: boom", "restarting a: attempt 0 in 100 ms: boom");
    }

    @Test
    void restartsOneThatWasAddedLater() {
        rig.started(a);
        ChildSpec spec = b.spec().withRestart(Restart.TRANSIENT);
        rig.get(rig.supervisor.startChild(spec));

        b.last().crash(boom);
        rig.run();
        rig.advance(Duration.ofMillis(100));

        assertThat(b.alive()).isEqualTo(1);
    }

    /** A future that tells its dependent of its end whenever the test says so. */
    private static final class RepeatingExit extends CompletableFuture<Void> {
        private BiConsumer<? super Void, ? super Throwable> dependent;

        @Override
        public CompletableFuture<Void> whenComplete(BiConsumer<? super Void, ? super Throwable> action) {
            dependent = action;
            return this;
        }

        void tell(Throwable cause) {
            dependent.accept(null, cause);
        }
    }

    private static final class TalkativeChild implements ChildSpec.Child {
        final RepeatingExit exit = new RepeatingExit();

        @Override
        public CompletableFuture<Void> exit() {
            return exit;
        }

        @Override
        public void stop(Duration deadline) {}

        @Override
        public void kill() {}
    }

    private static final class ThrowingListener implements SupervisorListener {
        private final IllegalStateException expected = new IllegalStateException("expected by the test");

        @Override
        public void childStarted(String id) {
            throw expected;
        }

        @Override
        public void childExited(String id, Throwable cause) {
            throw expected;
        }

        @Override
        public void childRestarting(String id, int attempt, Duration delay, Throwable cause) {
            throw expected;
        }

        @Override
        public void childRestarted(String id) {
            throw expected;
        }

        @Override
        public void childAbandoned(String id) {
            throw expected;
        }

        @Override
        public void failed(IntensityExceededException failure) {
            throw expected;
        }
    }
}
