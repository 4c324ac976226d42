package dev.vela.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RecoveryTest {

    private static Optional<Duration> millis(long millis) {
        return Optional.of(Duration.ofMillis(millis));
    }

    @Test
    void countsFromTheEndOfTheFault() {
        long[] stored = {100, 900, 1_300, 1_400, 1_500, 1_600};

        assertThat(Recovery.of(stored, 1_000, 4)).isEqualTo(new Recovery(millis(300), millis(300)));
    }

    @Test
    void fullSpeedComesWithTheFirstFullSecond() {
        long[] slowThenFast = LongStream.concat(
                        LongStream.of(2_000, 3_500, 5_000),
                        LongStream.range(0, 9).map(i -> 5_600 + i * 100))
                .toArray();

        assertThat(Recovery.of(slowThenFast, 1_000, 10)).isEqualTo(new Recovery(millis(1_000), millis(4_600)));
    }

    @Test
    void isEmptyWhereNothingWasStoredAgain() {
        assertThat(Recovery.of(new long[] {10, 20}, 1_000, 1))
                .isEqualTo(new Recovery(Optional.empty(), Optional.empty()));
        assertThat(Recovery.of(new long[] {2_000}, 1_000, 10)).isEqualTo(new Recovery(millis(1_000), Optional.empty()));
    }

    @Test
    void whatWasStoredAtItsEndCounts() {
        assertThat(Recovery.of(new long[] {5, 5, 5}, 5, 2).firstStored()).isEqualTo(millis(0));
    }
}
