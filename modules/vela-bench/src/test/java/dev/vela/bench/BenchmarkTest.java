package dev.vela.bench;

import static dev.vela.bench.Subject.OFFICIAL;
import static dev.vela.bench.Subject.SOCKET;
import static dev.vela.bench.Subject.VELA;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

class BenchmarkTest {
    @Test
    void letsAnotherOneBeginInEachRound() {
        assertThat(Benchmark.order(Scenario.PERSISTENT_1, -1)).containsExactly(SOCKET, OFFICIAL, VELA);
        assertThat(Benchmark.order(Scenario.PERSISTENT_1, 0)).containsExactly(OFFICIAL, VELA, SOCKET);
        assertThat(Benchmark.order(Scenario.PERSISTENT_1, 1)).containsExactly(VELA, SOCKET, OFFICIAL);
    }

    @Test
    void runsAScenarioOnceForAllOfItsKeys() {
        Plan plan = new Plan(
                EnumSet.of(Ratio.PERSISTENT_1, Ratio.PERSISTENT_CPU, Ratio.PERSISTENT_FLOOR, Ratio.ALLOCATION),
                1,
                0,
                Duration.ofSeconds(1),
                1_000);

        assertThat(plan.scenarios()).containsExactly(Scenario.NON_PERSISTENT_1, Scenario.PERSISTENT_1);
    }
}
