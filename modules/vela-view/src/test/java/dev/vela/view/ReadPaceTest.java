package dev.vela.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReadPaceTest {

    /** A read of 40 ms every four seconds: one per cent, of which the application itself works for a part. */
    @Test
    void aLargeApplicationIsReadLessOften() {
        ReadPace pace = new ReadPace(Duration.ofSeconds(1));
        pace.took(Duration.ofSeconds(5)); // the first one finds nothing compiled
        pace.took(Duration.ofMillis(40));
        assertThat(pace.interval()).isEqualTo(Duration.ofSeconds(4));
        pace.took(Duration.ofMillis(1));
        assertThat(pace.interval()).isEqualTo(Duration.ofSeconds(1));
        for (int i = 0; i < 3; i++) {
            pace.took(Duration.ofSeconds(2));
        }
        assertThat(pace.interval()).isEqualTo(Duration.ofSeconds(10));
    }
}
