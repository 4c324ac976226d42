package dev.vela.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vela.Outcome;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class TallyTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final Tally tally = new Tally();

    @Test
    void countsEachKindOfAnswer() {
        accept(4);
        tally.published(0, 0, 1);
        tally.published(2, 0, 1);
        tally.failed(Outcome.NOT_SENT, failure(3), 1);
        tally.failed(Outcome.UNKNOWN, failure(2), 1);

        Tally.Counts counts = tally.counts();

        assertThat(counts.accepted()).isEqualTo(4);
        assertThat(counts.published()).isEqualTo(2);
        assertThat(counts.failed()).isEqualTo(1);
        assertThat(counts.unknown()).isEqualTo(1);
        assertThat(tally.partitions()).isEqualTo(Map.of(0, 1L, 2, 1L));
        assertThat(tally.firstFailure().line()).isEqualTo(2);
    }

    @Test
    void measuresThroughputFromTheFirstSendToTheLastReceipt() {
        tally.accepted(5 * SECOND);
        tally.accepted(6 * SECOND);
        tally.published(0, 5 * SECOND, 6 * SECOND);
        tally.published(0, 6 * SECOND, 9 * SECOND);

        assertThat(tally.counts().messagesPerSecond()).isEqualTo(0.5, within(1e-9));
        assertThat(tally.latencyMicros(50)).isCloseTo(1_000_000, within(1_000L));
        assertThat(tally.latencyMicros(99)).isCloseTo(3_000_000, within(3_000L));
    }

    @Test
    void isAllZeroBeforeTheFirstMessage() {
        assertThat(tally.counts()).isEqualTo(new Tally.Counts(0, 0, 0, 0, Duration.ZERO));
        assertThat(tally.counts().messagesPerSecond()).isZero();
        assertThat(tally.latencyMicros(99)).isZero();
        assertThat(tally.firstFailure()).isNull();
    }

    @Test
    void tellsHowLongNothingHasSucceeded() {
        accept(4);
        assertThat(tally.failingFor(SECOND)).isZero();

        tally.failed(Outcome.UNKNOWN, failure(1), 2 * SECOND);
        tally.failed(Outcome.UNKNOWN, failure(2), 3 * SECOND);
        assertThat(tally.failingFor(5 * SECOND)).isEqualTo(Duration.ofSeconds(3));

        tally.published(0, 0, 6 * SECOND);
        assertThat(tally.failingFor(7 * SECOND)).isZero();
    }

    @Test
    void waitsForTheLastAnswer() throws Exception {
        accept(2);
        tally.published(0, 0, 1);
        assertThat(tally.awaitAnswers(Duration.ofMillis(1))).isFalse();

        CompletableFuture<Boolean> answered =
                Interruption.inBackground("wait", () -> tally.awaitAnswers(Duration.ofSeconds(30)));
        tally.failed(Outcome.NOT_SENT, failure(2), 1);

        assertThat(answered.get()).isTrue();
    }

    private void accept(int messages) {
        for (int i = 0; i < messages; i++) {
            tally.accepted(0);
        }
    }

    private static Tally.Failure failure(long line) {
        return new Tally.Failure(line, new IllegalStateException("failed"));
    }
}
