package dev.vela;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BatchingTest {

    private static final Batching DEFAULTS = Batching.defaults();

    @Test
    void defaultsAreWhatIsSaid() {
        assertThat(DEFAULTS)
                .isEqualTo(new Batching(1000, 131_072, Duration.ofMillis(10), Batching.Flush.WHEN_IDLE, false));
    }

    @Test
    void changesOneThingAtATime() {
        assertThat(DEFAULTS.withMaxMessages(3)
                        .withMaxBytes(4096)
                        .withFlushInterval(Duration.ofSeconds(1))
                        .withFlush(Batching.Flush.AT_INTERVAL)
                        .withKeyBased())
                .isEqualTo(new Batching(3, 4096, Duration.ofSeconds(1), Batching.Flush.AT_INTERVAL, true));
    }

    @Test
    void refusesWhatIsOutOfRangeByName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULTS.withMaxMessages(1))
                .withMessage("maxMessages must be >= 2, was 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULTS.withMaxBytes(127))
                .withMessage("maxBytes must be in [128, 4194304], was 127");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULTS.withMaxBytes(4_194_305))
                .withMessageContaining("was 4194305");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULTS.withFlushInterval(Duration.ofNanos(999_999)))
                .withMessage("flushInterval must be in [1 ms, 1 min], was 999999 ns");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULTS.withFlushInterval(Duration.ofMillis(60_001)))
                .withMessageContaining("was 60001 ms");
    }

    @Test
    void refusesNullByName() {
        assertThatNullPointerException()
                .isThrownBy(() -> new Batching(2, 1024, null, Batching.Flush.WHEN_IDLE, false))
                .withMessage("flushInterval");
        assertThatNullPointerException()
                .isThrownBy(() -> DEFAULTS.withFlush(null))
                .withMessage("flush");
    }
}
