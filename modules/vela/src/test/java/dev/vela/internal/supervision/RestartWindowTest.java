package dev.vela.internal.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.RestartIntensity;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RestartWindowTest {

    private static final long SECOND = 1_000_000_000L;

    @ParameterizedTest
    @ValueSource(longs = {0, -SECOND, Long.MAX_VALUE - SECOND, Long.MIN_VALUE})
    void allowsAsManyAsTheLimitAndNoMore(long start) {
        RestartWindow window = window(3, 5);

        assertThat(window.add(start)).isTrue();
        assertThat(window.add(start + SECOND)).isTrue();
        assertThat(window.add(start + 2 * SECOND)).isTrue();
        assertThat(window.add(start + 3 * SECOND)).isFalse();
        assertThat(window.size()).isEqualTo(4);
    }

    @Test
    void allowsNoneIfTheLimitIsZero() {
        assertThat(window(0, 5).add(0)).isFalse();
    }

    @Test
    void countsARestartThatIsExactlyOnePeriodOld() {
        RestartWindow window = window(1, 5);
        window.add(0);

        assertThat(window.add(5 * SECOND)).isFalse();
    }

    @Test
    void forgetsARestartThatIsOlderThanThePeriod() {
        RestartWindow window = window(1, 5);
        window.add(0);

        assertThat(window.add(5 * SECOND + 1)).isTrue();
        assertThat(window.size()).isEqualTo(1);
    }

    @Test
    void slidesAndDoesNotJump() {
        RestartWindow window = window(2, 5);
        window.add(0);
        window.add(4 * SECOND);

        assertThat(window.add(6 * SECOND)).isTrue(); // 4 and 6
        assertThat(window.add(8 * SECOND)).isFalse(); // 4, 6 and 8
    }

    @Test
    void forgetsNothingInTheLongestPeriod() {
        RestartWindow window = new RestartWindow(RestartIntensity.of(1, HUNDRED_YEARS));
        window.add(Long.MAX_VALUE - 1);

        assertThat(window.add(Long.MAX_VALUE - 1 + HUNDRED_YEARS.toNanos())).isFalse();
    }

    private static final Duration HUNDRED_YEARS = Duration.ofDays(36_500);

    private static RestartWindow window(int maxRestarts, int seconds) {
        return new RestartWindow(RestartIntensity.of(maxRestarts, Duration.ofSeconds(seconds)));
    }
}
