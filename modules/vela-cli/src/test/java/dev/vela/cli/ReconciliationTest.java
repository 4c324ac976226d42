package dev.vela.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReconciliationTest {

    private final Reconciliation ledger = new Reconciliation();

    @BeforeEach
    void publishThreeOfOneKey() {
        for (int i = 0; i < 3; i++) {
            ledger.published(i);
        }
    }

    @Test
    void verifiesWhatArrivesOnceAndInOrder() {
        arrive(0, 1, 2);

        Verdict verdict = complete();

        assertThat(verdict.problems()).isEmpty();
        assertThat(verdict.verified()).isEqualTo(3);
        assertThat(verdict.lost()).hasValue(0);
    }

    @Test
    void findsALostMessage() {
        arrive(0, 2);

        Verdict verdict = complete();

        assertThat(verdict.problems()).containsExactly("1 lost");
        assertThat(verdict.verified()).isEqualTo(2);
    }

    @Test
    void findsEveryCopyBeyondTheFirst() {
        arrive(0, 1, 1, 2, 1);

        assertThat(complete().problems()).containsExactly("2 duplicated");
    }

    @Test
    void takesARunThatIsStoredTwiceForDuplicatesAndNotForDisorder() {
        arrive(0, 1, 0, 1, 2);

        assertThat(complete().problems()).containsExactly("2 duplicated");
    }

    @Test
    void findsWhatOvertookAnEarlierMessageOfItsKey() {
        arrive(0, 2, 1);

        assertThat(complete().problems()).containsExactly("1 out of order");
    }

    @Test
    void promisesNoOrderAcrossKeysOrWithoutOne() {
        ledger.arrived(2, "other", true);
        ledger.arrived(1, null, true);
        ledger.arrived(0, "key", true);

        assertThat(complete().problems()).isEmpty();
    }

    @Test
    void takesAnAlteredMessageForALostOne() {
        arrive(0, 1);
        ledger.arrived(2, "key", false);

        assertThat(complete().problems()).containsExactly("1 lost", "1 altered");
    }

    @Test
    void holdsNothingAgainstAnUnknownMessageWhetherItArrivesOrNot() {
        ledger.unknown(3);
        ledger.unknown(4);
        arrive(0, 1, 2, 4);

        Verdict verdict = complete();

        assertThat(verdict.problems()).isEmpty();
        assertThat(verdict.verified()).isEqualTo(3);
        assertThat(verdict.unknownArrived()).isEqualTo(1);
    }

    @Test
    void findsAnUnknownMessageThatArrivedTwice() {
        ledger.unknown(3);
        arrive(0, 1, 2, 3, 3);

        assertThat(complete().problems()).containsExactly("1 duplicated");
    }

    @Test
    void findsWhatWasReportedAsNotSent() {
        arrive(0, 1, 2, 3);

        assertThat(complete().problems()).containsExactly("1 there although reported as not sent");
    }

    @Test
    void callsNothingLostUntilEverythingIsRead() {
        arrive(0, 1);

        assertThat(ledger.verdict().lost()).isEmpty();
        assertThat(ledger.verdict().problems()).containsExactly("not everything was read back");

        arrive(2);

        assertThat(ledger.verdict().problems()).isEmpty();
    }

    private void arrive(int... indexes) {
        for (int index : indexes) {
            ledger.arrived(index, "key", true);
        }
    }

    private Verdict complete() {
        ledger.complete();
        return ledger.verdict();
    }
}
