package dev.vela.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who may be stored behind whom in a topic that has one leader at a time. */
class LeadershipJudgeTest {

    private static final String TOPIC = "led";
    private static final int A = 101;
    private static final int B = 102;

    private final History history = new History();
    private int number;

    private void store(int life, long sentMillis) {
        MessageRef id = new MessageRef(life, 0, number++);
        history.sent(new Sent(id, TOPIC, null, true, sentMillis, 5_000));
        history.answered(id, new Answer(Answer.Kind.STORED, sentMillis + 10, null, null));
        history.read(new Reading(TOPIC, "p" + number, id, true));
    }

    private Verdict verdict(boolean fencing) {
        return Judge.judge(
                history,
                new Promises(
                        true,
                        List.of(),
                        Set.of(),
                        new Promises.Leadership(TOPIC, fencing),
                        new WriteFailures(),
                        List.of(),
                        Duration.ofSeconds(1)));
    }

    @Test
    void oneThatWasStartedAgainLeadsAgain() {
        history.candidacy(A, 0);
        store(A, 1);
        history.candidacy(B, 100);
        store(B, 101);
        history.candidacy(A, 200);
        store(A, 201);

        assertThat(verdict(true).isClean()).isTrue();
    }

    @Test
    void oneThatWasFencedAndNotStartedAgainUsurps() {
        history.candidacy(A, 0);
        store(A, 1);
        history.candidacy(B, 100);
        store(B, 101);
        store(A, 150);
        store(A, 151);

        assertThat(verdict(true).usurped()).isEqualTo(2);
        assertThat(verdict(true).isClean()).isFalse();
    }

    @Test
    void whatItWasGivenBeforeItWasStartedAgainIsStale() {
        history.candidacy(A, 0);
        store(A, 1);
        history.candidacy(B, 100);
        store(B, 101);
        history.candidacy(A, 200);
        store(A, 90);
        store(A, 201);

        assertThat(verdict(true).usurped()).isEqualTo(1);
    }

    @Test
    void whatWasInFlightLiesBeforeTheNewLeadersFirst() {
        history.candidacy(A, 0);
        history.candidacy(B, 100);
        store(A, 150);
        store(B, 120);

        assertThat(verdict(true).isClean()).isTrue();
        assertThat(verdict(false).isClean()).isTrue();
    }

    @Test
    void oneThatWaitsForItsTurnNeedsNoStart() {
        store(A, 1);
        store(B, 10_000);
        store(A, 20_000);

        assertThat(verdict(false).isClean()).isTrue();
    }

    @Test
    void oneThatWaitsForItsTurnSendsNothingStale() {
        store(A, 1);
        store(B, 10_000);
        store(A, 4_000);

        assertThat(verdict(false).usurped()).isEqualTo(1);
    }

    @Test
    void otherTopicsHaveManyLeaders() {
        MessageRef first = new MessageRef(A, 0, 0);
        MessageRef second = new MessageRef(B, 0, 0);
        for (MessageRef id : List.of(first, second, first)) {
            if (history.readings().size() < 2) {
                history.sent(new Sent(id, "other", null, false, 0, 5_000));
                history.answered(id, new Answer(Answer.Kind.STORED, 1, null, null));
            }
            history.read(new Reading("other", "p" + number++, id, true));
        }

        assertThat(verdict(true).usurped()).isZero();
    }
}
