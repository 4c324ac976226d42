package dev.vela.internal.supervision;

import static org.awaitility.Awaitility.await;

import dev.vela.ChildSpec;
import dev.vela.RestartIntensity;
import dev.vela.internal.scheduling.ControlThread;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On real threads: a start that succeeds while its supervisor stops and its control thread closes. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LateStartRaceTest {

    private static final int ROUNDS = 1000;

    @Test
    void neverLeavesAChildBehind() {
        for (int round = 0; round < ROUNDS; round++) {
            // Given
            ControlThread control = new ControlThread("race-" + round);
            Supervisor supervisor = new Supervisor(
                    "race",
                    RestartIntensity.of(1, Duration.ofMinutes(1)),
                    Rig.BACKOFF,
                    control,
                    new Random(round),
                    new SupervisorListener() {});
            CompletableFuture<ChildSpec.Child> answer = new CompletableFuture<>();
            CompletableFuture<Void> called = new CompletableFuture<>();
            CompletableFuture<Void> started = supervisor.start(List.of(ChildSpec.of("a", () -> {
                called.complete(null);
                return answer;
            })));
            supervisor.exit().whenComplete((ended, failure) -> control.close());
            called.join();

            // When
            ObedientChild child = new ObedientChild();
            Thread starter = new Thread(() -> answer.complete(child));
            starter.start();
            supervisor.stop(Duration.ofSeconds(10));

            // Then
            await().atMost(Duration.ofSeconds(10))
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofNanos(100_000))
                    .until(() ->
                            child.exit.isDone() && started.isDone() && supervisor.state() == SupervisorState.STOPPED);
        }
    }

    private static final class ObedientChild implements ChildSpec.Child {
        final CompletableFuture<Void> exit = new CompletableFuture<>();

        @Override
        public CompletionStage<Void> exit() {
            return exit;
        }

        @Override
        public void stop(Duration deadline) {
            exit.complete(null);
        }

        @Override
        public void kill() {
            exit.complete(null);
        }
    }
}
