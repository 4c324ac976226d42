package dev.vela.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {

    @Test
    void makesEachMessageDueAtItsOwnTime() {
        Pace pace = new Pace(4);

        assertThat(pace.waitNanos(0, 0)).isZero();
        assertThat(pace.waitNanos(1, 0)).isEqualTo(millis(250));
        assertThat(pace.waitNanos(8, millis(1_500))).isEqualTo(millis(500));
    }

    @Test
    void doesNotDelayTheRestAfterALateMessage() {
        Pace pace = new Pace(4);

        assertThat(pace.waitNanos(3, millis(2_000))).isNegative();
        assertThat(pace.waitNanos(9, millis(2_000))).isEqualTo(millis(250));
    }

    @Test
    void takesRatesBelowOne() {
        assertThat(new Pace(0.5).waitNanos(1, 0)).isEqualTo(millis(2_000));
    }

    @Test
    void neverWaitsWithoutALimit() {
        assertThat(new Pace(Double.POSITIVE_INFINITY).waitNanos(1_000_000, 0)).isZero();
    }

    private static long millis(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }
}
