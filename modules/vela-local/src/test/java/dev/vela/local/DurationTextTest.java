package dev.vela.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationTextTest {

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0 s",
        "PT30S, 30 s",
        "PT1H1S, 3601 s",
        "PT1.5S, 1500 ms",
        "PT0.0000015S, 0.0015 ms",
        "PT-0.5S, -500 ms",
        "PT9223372036854775807S, 9223372036854775807 s",
        "PT9223372036854775807.5S, 9223372036854775807500 ms",
    })
    void writesSecondsOrMilliseconds(Duration duration, String text) {
        assertThat(DurationText.of(duration)).isEqualTo(text);
    }
}
