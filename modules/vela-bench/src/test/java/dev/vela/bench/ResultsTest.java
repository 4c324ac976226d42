package dev.vela.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

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
        assertThat(results.ratio(Metric.THROUGHPUT)).isEqualTo(new Spread(1, 0.9, 1.1));
        assertThat(results.official(Metric.THROUGHPUT)).isEqualTo(new Spread(500, 250, 1_000));
        assertThat(results.vela(Metric.THROUGHPUT)).isEqualTo(new Spread(500, 275, 900));
    }

    @Test
    void holdsWhatWasMeasuredAlone() {
        round(10, 10);

        assertThat(results.metrics()).containsExactly(Metric.THROUGHPUT);
    }

    @Test
    void refusesRoundsThatCannotBeCompared() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> results.add(Map.of(Metric.THROUGHPUT, 1.0), Map.of(Metric.PACED_P50, 1.0)));
    }

    private void round(double official, double vela) {
        results.add(Map.of(Metric.THROUGHPUT, official), Map.of(Metric.THROUGHPUT, vela));
    }
}
