package dev.vela.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.EnumSet;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResultsTest {
    private final Results results = new Results();

    @Test
    void makesRatiosRoundByRound() {
        // Given a machine that was twice and four times as slow in later rounds, for both alike
        round(1_000, 900);
        round(500, 500);
        round(250, 275);

        // Then the ratio is that of a round, and not that of two medians
        assertThat(results.ratio(Ratio.ONE_KIB)).isEqualTo(new Spread(1, 0.9, 1.1));
        assertThat(results.of(Scenario.ONE_KIB, Subject.OFFICIAL, Figure.THROUGHPUT))
                .isEqualTo(new Spread(500, 250, 1_000));
    }

    @Test
    void dividesTheOfficialFigureWhereLessIsBetter() {
        assertThat(Samples.results().ratio(Ratio.ALLOCATION).median()).isEqualTo(2, within(1e-9));
        assertThat(Samples.results().ratio(Ratio.LATENCY_50K).median()).isEqualTo(2, within(1e-9));
        assertThat(Samples.results().ratio(Ratio.LATENCY_IDLE).median()).isEqualTo(0.5, within(1e-9));
    }

    @Test
    void holdsWhatWasMeasuredAlone() {
        round(10, 10);

        assertThat(results.scenarios()).containsExactly(Scenario.ONE_KIB);
    }

    @Test
    void refusesRoundsThatAreNotWhole() {
        round(10, 10);
        results.add(Scenario.ONE_KIB, Subject.VELA, Map.of(Figure.THROUGHPUT, 1.0));

        assertThatIllegalStateException().isThrownBy(() -> results.ratio(Ratio.ONE_KIB));
    }

    private void round(double official, double vela) {
        results.add(Scenario.ONE_KIB, Subject.OFFICIAL, Map.of(Figure.THROUGHPUT, official));
        results.add(Scenario.ONE_KIB, Subject.VELA, Map.of(Figure.THROUGHPUT, vela));
    }

    @Test
    void forgetWhatCouldNotBeMeasured() {
        Results results = Samples.results();

        results.forget(Scenario.HANDLES_10000);

        assertThat(results.measured(EnumSet.of(Ratio.HEAP_1000, Ratio.HEAP_10000, Ratio.READY_10000)))
                .containsExactly(Ratio.HEAP_1000);
        assertThat(JsonReport.of(Samples.MACHINE, Samples.PLAN, results)).doesNotContain("heap10000");
    }
}
