package dev.vela.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MetricTest {
    @Test
    void asksForThroughputOfAtLeast() {
        assertThat(Metric.THROUGHPUT.asked()).isEqualTo(">= 0.95");
        assertThat(Metric.THROUGHPUT.isMetBy(0.95)).isTrue();
        assertThat(Metric.THROUGHPUT.isMetBy(3)).isTrue();
        assertThat(Metric.THROUGHPUT.isMetBy(0.9499)).isFalse();
    }

    @Test
    void asksForLatencyOfAtMost() {
        assertThat(Metric.PACED_P50.asked()).isEqualTo("<= 1.05");
        assertThat(Metric.BLOCKING_P50.isMetBy(1.05)).isTrue();
        assertThat(Metric.BLOCKING_P50.isMetBy(0.1)).isTrue();
        assertThat(Metric.BLOCKING_P50.isMetBy(1.0501)).isFalse();
    }

    @Test
    void asksNothingOfTheRest() {
        assertThat(Metric.CLIENT_CPU.asked()).isEmpty();
        assertThat(Metric.PACED_P99.isMetBy(1_000)).isTrue();
    }
}
