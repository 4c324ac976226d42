package dev.vela.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RatioTest {
    @Test
    void areTheOnesThatAreAskedFor() {
        assertThat(Arrays.stream(Ratio.values()).map(key -> key.label() + ' ' + key.asked()))
                .containsExactly(
                        "nonPersistent1 >= 3.0",
                        "nonPersistent4Shared >= 9.0",
                        "nonPersistent4Own >= 3.0",
                        "persistent1 >= 1.6",
                        "persistent4Shared >= 1.6",
                        "persistentCpu >= 3.0",
                        "nonPersistentFloor >= 0.4",
                        "persistentFloor >= 0.6",
                        "keyed8 >= 5.0",
                        "oneKib >= 1.5",
                        "allocation >= 4.0",
                        "latencyIdle <= 1.1",
                        "latencyBusy >= 5.0",
                        "unbatched >= 0.95");
    }

    @Test
    void areFoundByName() {
        assertThat(Ratio.of("oneKib")).contains(Ratio.ONE_KIB);
        assertThat(Ratio.of("ONE_KIB")).isEmpty();
    }

    @Test
    void areMetAtTheBound() {
        assertThat(Ratio.UNBATCHED.asked().isMetBy(0.95)).isTrue();
        assertThat(Ratio.UNBATCHED.asked().isMetBy(0.9499)).isFalse();
        assertThat(Ratio.LATENCY_IDLE.asked().isMetBy(1.1)).isTrue();
        assertThat(Ratio.LATENCY_IDLE.asked().isMetBy(1.1001)).isFalse();
    }

    @Test
    void compareWhatTheirScenarioMeasures() {
        assertThat(Ratio.values())
                .allSatisfy(key ->
                        assertThat(key.scenario().subjects()).contains(key.of()).contains(key.over()))
                .allSatisfy(key -> assertThat(key.figure().compareTo(Figure.P50) >= 0)
                        .isEqualTo(key.scenario().load().isPaced()));
    }
}
