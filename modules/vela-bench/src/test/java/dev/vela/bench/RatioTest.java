package dev.vela.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

class RatioTest {
    @Test
    void areTheOnesThatAreAskedFor() {
        assertThat(Arrays.stream(Ratio.values()).map(key -> key.label() + ' ' + key.asked()))
                .containsExactly(
                        "nonPersistent1 >= 4.5",
                        "nonPersistent4Shared >= 6.0",
                        "nonPersistent4Own >= 3.0",
                        "dropIn >= 0.97",
                        "metrics >= 0.97",
                        "persistent1 >= 2.5",
                        "persistent4Shared >= 2.5",
                        "persistentCpu >= 5.0",
                        "nonPersistentFloor >= 0.4",
                        "persistentFloor >= 0.6",
                        "keyed8 >= 5.0",
                        "wideKeyed16 >= 1.5",
                        "wideKeyed128 >= 1.5",
                        "wideKeyed1000 >= 1.5",
                        "wideUnkeyed128 >= 5.0",
                        "wideUnkeyed1000 >= 5.0",
                        "oneKib >= 1.5",
                        "allocation >= 7.0",
                        "latencyIdle <= 1.05",
                        "latency5k <= 1.0",
                        "latency5kP99 <= 1.0",
                        "latency20k <= 1.0",
                        "latency20kP99 <= 1.0",
                        "latency50k >= 3.0",
                        "unbatched >= 1.0",
                        "unbatchedCpu >= 1.0",
                        "ready1000 >= 1.0",
                        "heap1000 >= 2.0",
                        "threads1000 >= 2.0",
                        "idleCpu1000 >= 2.0",
                        "ready10000 >= 1.0",
                        "heap10000 >= 2.0",
                        "threads10000 >= 2.0",
                        "idleCpu10000 >= 2.0",
                        "readyPartitions1000 >= 1.0",
                        "heapPartitions1000 >= 2.0",
                        "idleCpuPartitions1000 >= 2.0");
    }

    @Test
    void areFoundByName() {
        assertThat(Ratio.of("oneKib")).contains(Ratio.ONE_KIB);
        assertThat(Ratio.of("ONE_KIB")).isEmpty();
    }

    @Test
    void areMetAtTheBound() {
        assertThat(Ratio.UNBATCHED.asked().isMetBy(1)).isTrue();
        assertThat(Ratio.UNBATCHED.asked().isMetBy(0.9999)).isFalse();
        assertThat(Ratio.LATENCY_IDLE.asked().isMetBy(1.05)).isTrue();
        assertThat(Ratio.LATENCY_IDLE.asked().isMetBy(1.0501)).isFalse();
    }

    @Test
    void compareWhatTheirScenarioMeasures() {
        assertThat(Ratio.values())
                .allSatisfy(key ->
                        assertThat(key.scenario().subjects()).contains(key.of()).contains(key.over()))
                .allSatisfy(key -> assertThat(
                                key.figure().compareTo(Figure.P50) < 0
                                        ? "flooded"
                                        : key.figure().compareTo(Figure.READY) < 0 ? "paced" : "idle")
                        .isEqualTo(kind(key.scenario().load())));
    }

    private static String kind(Scenario.Load load) {
        return load.isIdle() ? "idle" : load.isPaced() ? "paced" : "flooded";
    }

    @Test
    void ofWideScenariosAloneAskForThreadsAndIdleCpu() {
        assertThat(Ratio.values())
                .filteredOn(key -> key.figure() == Figure.THREADS || key.figure() == Figure.IDLE_CPU)
                .isNotEmpty()
                .allMatch(key -> key.scenario().isWide());
    }

    @Test
    void ofGrowthNeedTheNarrowerScenariosOfTheirKindForTheChart() {
        Plan plan = new Plan(EnumSet.of(Ratio.UNBATCHED, Ratio.HEAP_1000), 5, 2, Duration.ofSeconds(1), 1_000);

        assertThat(plan.scenarios())
                .containsExactly(Scenario.UNBATCHED, Scenario.HANDLES_1, Scenario.HANDLES_100, Scenario.HANDLES_1000);
        assertThat(plan.rounds(Scenario.UNBATCHED)).isEqualTo(5);
        assertThat(plan.rounds(Scenario.HANDLES_1)).isEqualTo(2); // each subject comes first once
    }
}
