package dev.vela.internal.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationTextTest {

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0 s",
        "PT0.000000001S, 1 ns",
        "PT0.0015S, 1500 us",
        "PT0.2S, 200 ms",
        "PT1.5S, 1500 ms",
        "PT-0.2S, -200 ms",
        "PT30S, 30 s",
        "PT90S, 90 s",
        "PT-60S, -1 min",
        "PT3H, 3 h",
        "P2D, 2 days",
        "P109500D, 109500 days",
    })
    void usesTheLargestUnitThatHoldsItWhole(Duration duration, String text) {
        assertThat(DurationText.of(duration)).isEqualTo(text);
    }

    @Test
    void overflowsNowhere() {
        assertThat(DurationText.of(Duration.ofSeconds(Long.MAX_VALUE))).isEqualTo("9223372036854775807 s");
        assertThat(DurationText.of(Duration.ofSeconds(Long.MIN_VALUE))).isEqualTo("-9223372036854775808 s");
        assertThat(DurationText.of(Duration.ofSeconds(Long.MAX_VALUE, 1))).startsWith("PT");
        assertThat(DurationText.of(Duration.ofSeconds(Long.MIN_VALUE, 1))).startsWith("PT-");
    }
}
