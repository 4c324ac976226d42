package dev.vela;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class OutcomeTest {
    private final Throwable notSent = new SendFailedException("never left", Outcome.NOT_SENT, null);

    @Test
    void isFoundHoweverOftenTheFailureWasWrapped() {
        Throwable wrapped = new IllegalStateException(
                "of a template", new CompletionException(new RuntimeException(new ExecutionException(notSent))));

        assertThat(Outcome.of(wrapped)).isEqualTo(Outcome.NOT_SENT);
        assertThat(Outcome.of(notSent)).isEqualTo(Outcome.NOT_SENT);
    }

    @Test
    void isThatOfTheOutermostFailureOfVela() {
        Throwable unknown = new SendFailedException("left, though its first try had not", Outcome.UNKNOWN, notSent);

        assertThat(Outcome.of(new CompletionException(unknown))).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void isUnknownForAFailureThatIsNotOfVelaEvenIfItsCausesGoRound() {
        Throwable inner = new IllegalStateException("inner");
        Throwable outer = new IllegalStateException("outer", inner);
        inner.initCause(outer);

        assertThat(Outcome.of(outer)).isEqualTo(Outcome.UNKNOWN);
        assertThat(Outcome.of(new RuntimeException())).isEqualTo(Outcome.UNKNOWN);
    }
}
