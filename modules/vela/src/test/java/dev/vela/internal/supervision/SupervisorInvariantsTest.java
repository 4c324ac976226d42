package dev.vela.internal.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.ChildSpec;
import dev.vela.ChildSpec.Restart;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever happens in whatever order, a few things always hold. The name of a failed run tells its seed. */
class SupervisorInvariantsTest {

    static IntStream seeds() {
        return IntStream.range(0, 300);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void noLifeIsLedTwiceAndNoneIsLeftBehind(int seed) {
        // Given
        Random random = new Random(seed);
        Rig rig = new Rig(random.nextInt(40));
        List<FakeStarter> starters = new ArrayList<>();
        List<CompletableFuture<?>> answers = new ArrayList<>();
        List<Runnable> late = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            starters.add(rig.starter("child " + i));
        }

        // When
        for (int step = 0; step < 200; step++) {
            FakeStarter starter = starters.get(random.nextInt(starters.size()));
            String id = starter.spec().id();
            switch (random.nextInt(12)) {
                case 0, 1 -> answers.add(rig.supervisor.startChild(randomized(starter.spec(), random)));
                case 2 -> answers.add(rig.supervisor.stopChild(id));
                case 3 -> answers.add(rig.supervisor.restartChild(id));
                case 4, 5 -> starter.children.forEach(child -> child.crash(new IllegalStateException("boom")));
                case 6 -> starter.children.forEach(FakeChild::finish);
                case 7 -> starter.thenFail(new IllegalStateException("no start"));
                case 8 ->
                    starter.then(() -> {
                        CompletableFuture<FakeChild> answer = new CompletableFuture<>();
                        late.add(() -> answer.complete(starter.newChild()));
                        return answer;
                    });
                case 9 -> {
                    if (!late.isEmpty()) {
                        late.remove(random.nextInt(late.size())).run();
                    }
                }
                case 10 -> starter.of(random.nextBoolean() ? child -> child : FakeChild::ignoringStop);
                default -> rig.advance(Duration.ofMillis(random.nextInt(2000)));
            }
            if (random.nextBoolean()) {
                rig.run();
                assertOneLifeEach(rig, starters);
            }
        }
        if (random.nextBoolean()) {
            rig.supervisor.kill();
        } else {
            rig.supervisor.stop(Duration.ofSeconds(random.nextInt(30)));
        }
        rig.run();
        rig.advance(Duration.ofMinutes(10));
        late.forEach(Runnable::run);
        rig.run();

        // Then
        assertThat(rig.exit()).isDone();
        assertThat(rig.supervisor.state()).isIn(SupervisorState.STOPPED, SupervisorState.FAILED);
        assertThat(rig.children()).isEmpty();
        assertThat(answers).allMatch(CompletableFuture::isDone);
        assertThat(rig.scheduler.pending()).isZero();
        assertThat(starters).allMatch(starter -> starter.alive() == 0);
    }

    private static ChildSpec randomized(ChildSpec spec, Random random) {
        return spec.withRestart(List.of(Restart.values()).get(random.nextInt(3)))
                .withShutdown(Duration.ofMillis(random.nextInt(3) * 500L));
    }

    private static void assertOneLifeEach(Rig rig, List<FakeStarter> starters) {
        Map<String, ChildState> states = rig.children();
        for (FakeStarter starter : starters) {
            boolean runs = states.get(starter.spec().id()) == ChildState.RUNNING;
            assertThat(starter.alive()).isBetween(runs ? 1L : 0L, 1L);
        }
    }
}
