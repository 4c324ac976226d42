package dev.vela.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class EffectTest {

    private final History history = new History();
    private int number;

    private void message(long sentAt, Answer.Kind kind, long answeredAt) {
        MessageRef id = new MessageRef(0, 0, number++);
        history.sent(new Sent(id, "topic", null, true, sentAt, 5_000));
        history.answered(id, new Answer(kind, answeredAt, null, null));
    }

    @Test
    void countsThoseThatWereOnTheirWay() {
        message(100, Answer.Kind.STORED, 999); // before it
        message(900, Answer.Kind.STORED, 1_000);
        message(1_500, Answer.Kind.STORED, 3_000);
        message(1_600, Answer.Kind.FAILED, 1_700);
        message(2_000, Answer.Kind.UNKNOWN, 7_000);
        message(2_001, Answer.Kind.FAILED, 9_000); // after it

        assertThat(Effect.of(history.fates(), 1_000, 2_000)).isEqualTo(new Effect(2, Duration.ofMillis(1_500)));
    }

    @Test
    void isNothingWhereNothingWas() {
        message(100, Answer.Kind.FAILED, 200);

        assertThat(Effect.of(history.fates(), 1_000, 2_000)).isEqualTo(new Effect(0, Duration.ZERO));
    }
}
