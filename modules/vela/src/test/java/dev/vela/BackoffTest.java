package dev.vela;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackoffTest {

    private static final Duration MILLIS_100 = Duration.ofMillis(100);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final RandomGenerator random = new Random(42);

    @ParameterizedTest
    @CsvSource({"0, 100", "1, 200", "2, 400", "3, 800", "4, 1000", "5, 1000", "2147483647, 1000"})
    void doublesUpToItsCeiling(int attempt, long millis) {
        Backoff backoff = new Backoff(MILLIS_100, SECOND, 2, 0);

        assertThat(backoff.delay(attempt, random)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @CsvSource({"0, 80, 120", "1, 160, 240", "3, 640, 960", "4, 800, 1000", "2147483647, 800, 1000"})
    void spreadsEvenlyWithinItsJitter(int attempt, long shortest, long longest) {
        Backoff backoff = Backoff.exponential(MILLIS_100, SECOND);
        int draws = 10_000;
        int inLowerHalf = 0;

        for (int i = 0; i < draws; i++) {
            Duration delay = backoff.delay(attempt, random);
            assertThat(delay).isBetween(Duration.ofMillis(shortest), Duration.ofMillis(longest));
            if (delay.toMillis() < (shortest + longest) / 2) {
                inLowerHalf++;
            }
        }

        assertThat(inLowerHalf).isBetween(draws * 45 / 100, draws * 55 / 100);
    }

    @Test
    void spreadsAtItsCeilingToo() {
        Backoff backoff = Backoff.exponential(SECOND, SECOND);
        long atTheCeiling = random.ints(1000, 0, 100)
                .mapToObj(attempt -> backoff.delay(attempt, random))
                .filter(SECOND::equals)
                .count();

        assertThat(atTheCeiling).isLessThan(10);
    }

    @Test
    void reachesFromZeroToDoubleWithFullJitter() {
        Backoff backoff = new Backoff(MILLIS_100, SECOND, 2, 1);

        assertThat(backoff.delay(0, drawing(0))).isEqualTo(Duration.ZERO);
        assertThat(backoff.delay(0, drawing(Math.nextDown(1.0)))).isLessThanOrEqualTo(Duration.ofMillis(200));
        assertThat(backoff.delay(9, drawing(0))).isEqualTo(Duration.ZERO);
        assertThat(backoff.delay(9, drawing(Math.nextDown(1.0)))).isLessThanOrEqualTo(SECOND);
    }

    @Test
    void isTheSameForTheSameSeed() {
        Backoff backoff = Backoff.exponential(MILLIS_100, SECOND);

        assertThat(backoff.delay(3, new Random(7))).isEqualTo(backoff.delay(3, new Random(7)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 62, 63, 64, 1023, 1024, 1_000_000, Integer.MAX_VALUE})
    void doesNotOverflow(int attempt) {
        Backoff backoff = new Backoff(Duration.ofNanos(1), LONGEST, 2, 0.2);

        assertThat(backoff.delay(attempt, random)).isBetween(Duration.ZERO, LONGEST);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, Integer.MAX_VALUE})
    void neverWaitsIfItBeginsAtZero(int attempt) {
        Backoff backoff = new Backoff(Duration.ZERO, SECOND, 2, 0.2);

        assertThat(backoff.delay(attempt, random)).isEqualTo(Duration.ZERO);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, Integer.MAX_VALUE})
    void staysTheSameIfItDoesNotGrow(int attempt) {
        Backoff backoff = new Backoff(MILLIS_100, SECOND, 1, 0);

        assertThat(backoff.delay(attempt, random)).isEqualTo(MILLIS_100);
    }

    @ParameterizedTest
    @CsvSource({
        "PT-1S, PT1S, 2, 0, 'initial must be in [0, 100 years], was -1 s'",
        "PT2S, PT1S, 2, 0, 'max must be >= initial (2 s), was 1 s'",
        "PT1S, PT2562048H, 2, 0, 'max must be in [0, 100 years], was 106752 days'",
        "PT1S, PT2S, 0.99, 0, 'multiplier must be finite and >= 1, was 0.99'",
        "PT1S, PT2S, NaN, 0, 'multiplier must be finite and >= 1, was NaN'",
        "PT1S, PT2S, Infinity, 0, 'multiplier must be finite and >= 1, was Infinity'",
        "PT1S, PT2S, 2, -0.1, 'jitter must be in [0, 1], was -0.1'",
        "PT1S, PT2S, 2, 1.1, 'jitter must be in [0, 1], was 1.1'",
        "PT1S, PT2S, 2, NaN, 'jitter must be in [0, 1], was NaN'",
    })
    void refusesBadInput(Duration initial, Duration max, double multiplier, double jitter, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Backoff(initial, max, multiplier, jitter))
                .withMessage(message);
    }

    @Test
    void refusesNull() {
        assertThatNullPointerException()
                .isThrownBy(() -> Backoff.exponential(null, SECOND))
                .withMessage("initial");
        assertThatNullPointerException()
                .isThrownBy(() -> Backoff.exponential(SECOND, null))
                .withMessage("max");
    }

    @Test
    void refusesANegativeAttempt() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Backoff.exponential(MILLIS_100, SECOND).delay(-1, random))
                .withMessage("attempt must be >= 0, was -1");
    }

    private static RandomGenerator drawing(double number) {
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                throw new AssertionError("only doubles are drawn");
            }

            @Override
            public double nextDouble() {
                return number;
            }
        };
    }
}
