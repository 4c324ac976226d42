package dev.vela.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** When a message of a handle that is closed at once may be refused. */
class ShortLivedJudgeTest {

    private static final String TOPIC = "t";
    private static final Duration SLACK = Duration.ofSeconds(15);

    private final History history = new History();

    private void shortLived(long refusedMillis) {
        MessageRef id = new MessageRef(0, Sender.SHORT_LIVED, 0);
        history.sent(new Sent(id, TOPIC, null, false, 1_000, 20_000, Sent.Nature.SHORT_LIVED));
        history.answered(id, new Answer(Answer.Kind.FAILED, refusedMillis, null, "down"));
    }

    private void other(String topic, long sentMillis, long storedMillis) {
        MessageRef id = new MessageRef(0, 0, 0);
        history.sent(new Sent(id, topic, null, true, sentMillis, 5_000));
        history.answered(id, new Answer(Answer.Kind.STORED, storedMillis, null, null));
        history.read(new Reading(topic, "p", id, true));
    }

    private Verdict verdict(List<Promises.Blackout> blackouts) {
        return Judge.judge(
                history, new Promises(true, List.of(), Set.of(), null, new WriteFailures(), blackouts, SLACK));
    }

    @Test
    void refusedSoonThoughAnotherWasStoredIsAbandoned() {
        shortLived(4_000);
        other(TOPIC, 2_000, 2_010);

        assertThat(verdict(List.of()).abandoned()).isEqualTo(1);
        assertThat(verdict(List.of()).isClean()).isFalse();
    }

    @Test
    void refusedWhileNothingCouldBeStoredIsNot() {
        shortLived(4_000);
        other(TOPIC, 500, 1_500);

        assertThat(verdict(List.of()).abandoned()).isZero();
    }

    @Test
    void whatWasStoredInAnotherTopicOrLaterProvesNothing() {
        shortLived(4_000);
        other("other", 2_000, 2_010);

        assertThat(verdict(List.of()).abandoned()).isZero();
    }

    @Test
    void storedAfterTheRefusalProvesNothing() {
        shortLived(4_000);
        other(TOPIC, 2_000, 4_001);

        assertThat(verdict(List.of()).abandoned()).isZero();
    }

    @Test
    void refusedWhenTheTimeOfTheCloseIsOverIsNot() {
        shortLived(1_000 + ShortLivedJudge.PATIENCE_MILLIS);
        other(TOPIC, 2_000, 2_010);

        assertThat(verdict(List.of()).abandoned()).isZero();
    }

    @Test
    void refusedWhileNoProducerCouldBeMadeIsNot() {
        shortLived(4_000);
        other(TOPIC, 2_000, 2_010);

        assertThat(verdict(List.of(new Promises.Blackout(3_900, 9_000))).abandoned())
                .isZero();
        assertThat(verdict(List.of(new Promises.Blackout(4_001, 9_000))).abandoned())
                .isEqualTo(1);
    }
}
