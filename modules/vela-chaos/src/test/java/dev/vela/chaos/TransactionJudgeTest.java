package dev.vela.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What of a transaction may be visible, by its end. */
class TransactionJudgeTest {

    private static final String TOPIC = "t";
    private static final TransactionRef TRANSACTION = new TransactionRef(0, Sender.TRANSACTIONS, 3);

    private final History history = new History();

    private void send(int index, Answer.Kind answer) {
        MessageRef id = TRANSACTION.message(index);
        history.sent(new Sent(id, TOPIC, null, false, 0, 5_000, Sent.Nature.TRANSACTIONAL));
        history.answered(id, new Answer(answer, 1, null, null));
    }

    private void see(int index) {
        history.read(new Reading(TOPIC + "-partition-0", "p" + index, TRANSACTION.message(index), true));
    }

    private Verdict verdict() {
        return Judge.judge(history, new Promises(true, List.of(), Set.of(), Duration.ZERO));
    }

    @Test
    void messagesOfATransactionHaveItsNumber() {
        assertThat(TransactionRef.of(TRANSACTION.message(0))).isEqualTo(TRANSACTION);
        assertThat(TransactionRef.of(TRANSACTION.message(TransactionRef.MOST_MESSAGES - 1)))
                .isEqualTo(TRANSACTION);
    }

    @Test
    void aCommittedOneIsVisibleOnce() {
        send(0, Answer.Kind.STORED);
        send(1, Answer.Kind.FAILED);
        send(2, Answer.Kind.UNKNOWN);
        history.ended(TRANSACTION, TransactionRef.End.COMMITTED);
        see(0);

        assertThat(verdict().isClean()).isTrue();

        see(0);

        assertThat(verdict().duplicated()).isEqualTo(1);
        assertThat(verdict().isClean()).isFalse();
    }

    @Test
    void aCommittedOneThatIsNotVisibleIsLost() {
        send(0, Answer.Kind.STORED);
        send(1, Answer.Kind.STORED);
        history.ended(TRANSACTION, TransactionRef.End.COMMITTED);
        see(1);

        assertThat(verdict().lost()).isEqualTo(1);
        assertThat(verdict().torn()).isZero();
    }

    @Test
    void anAbortedOneIsNotVisible() {
        send(0, Answer.Kind.STORED);
        send(1, Answer.Kind.UNKNOWN);
        history.ended(TRANSACTION, TransactionRef.End.ABORTED);

        assertThat(verdict().isClean()).isTrue();

        see(1);

        assertThat(verdict().torn()).isEqualTo(1);
        assertThat(verdict().isClean()).isFalse();
    }

    @Test
    void oneOfUnknownEndIsVisibleWholeOrNotAtAll() {
        send(0, Answer.Kind.STORED);
        send(1, Answer.Kind.STORED);
        send(2, Answer.Kind.UNKNOWN);

        assertThat(verdict().isClean()).isTrue();

        see(0);

        assertThat(verdict().torn()).isEqualTo(1);
        assertThat(verdict().examples()).singleElement().asString().contains("0.12.3", "0.12.31 not visible");

        see(1);

        assertThat(verdict().isClean()).isTrue();
    }
}
