package dev.vela;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestartIntensityTest {

    @Test
    void holdsWhatItIsGiven() {
        RestartIntensity intensity = RestartIntensity.of(0, Duration.ofSeconds(5));

        assertThat(intensity).isEqualTo(new RestartIntensity(0, Duration.ofSeconds(5)));
    }

    @ParameterizedTest
    @CsvSource({
        "-1, PT1S, 'maxRestarts must be >= 0, was -1'",
        "-2147483648, PT1S, 'maxRestarts must be >= 0, was -2147483648'",
        "1, PT0S, 'period must be in (0, 100 years], was 0 s'",
        "1, PT-1S, 'period must be in (0, 100 years], was -1 s'",
    })
    void refusesBadInput(int maxRestarts, Duration period, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RestartIntensity.of(maxRestarts, period))
                .withMessage(message);
    }

    @Test
    void refusesNull() {
        assertThatNullPointerException()
                .isThrownBy(() -> RestartIntensity.of(1, null))
                .withMessage("period");
    }
}
