package dev.vela.internal.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long BASE = 1_000_000;

    private final Pace pace = new Pace();
    private final List<String> turns = new ArrayList<>();

    private void handed(int entries) {
        for (int i = 0; i < entries; i++) {
            pace.handed();
        }
    }

    private void stored(int entries, long took) {
        for (int i = 0; i < entries; i++) {
            pace.stored(took);
        }
    }

    @Test
    void isFreeBeforeTheFirstReceipt() {
        handed(1000);

        assertThat(pace.isFree()).isTrue();
    }

    @Test
    void isFreeWhileReceiptsComeAsFastAsTheFastest() {
        handed(1000);
        stored(100, BASE);

        assertThat(pace.isFree()).isTrue();
    }

    @Test
    void isBackedUpWhenMoreThanEightEntriesAreInFlightOnlyBecauseReceiptsAreSlow() {
        stored(1, BASE);
        stored(1000, 2 * BASE);

        handed(16);
        assertThat(pace.isBackedUp()).isFalse();
        handed(2);
        assertThat(pace.isBackedUp()).isTrue();
        pace.ended();
        pace.ended();

        assertThat(pace.isBackedUp()).isFalse();
    }

    @Test
    void takesALongerWayForTheShortestInTheEnd() {
        stored(1, BASE);
        stored(1000, 2 * BASE);
        handed(20);
        assertThat(pace.isBackedUp()).isTrue();

        stored(1_000_000, 2 * BASE);

        assertThat(pace.isBackedUp()).isFalse();
    }

    @Test
    void givesTwoTurnsAtATimeToThoseThatHaveWaitedTheLongest() {
        pace.await(() -> turns.add("a"));
        pace.await(() -> turns.add("b"));
        pace.await(() -> turns.add("c"));
        assertThat(pace.isFree()).isFalse();

        pace.giveTurns();
        assertThat(turns).containsExactly("a", "b");
        pace.giveTurns();

        assertThat(turns).containsExactly("a", "b", "c");
        assertThat(pace.isFree()).isTrue();
    }

    @Test
    void givesNoTurnsWhileEntriesQueueUp() {
        stored(1, BASE);
        stored(1000, 2 * BASE);
        handed(20);
        pace.await(() -> turns.add("a"));

        pace.giveTurns();

        assertThat(turns).isEmpty();
    }

    @Test
    void aTurnThatFailsIsItsOwnLanesAlone() {
        pace.await(() -> {
            throw new StackOverflowError("expected by the test");
        });
        pace.await(() -> turns.add("b"));

        assertThatCode(pace::giveTurns).doesNotThrowAnyException();
        pace.giveTurns();

        assertThat(turns).containsExactly("b");
    }

    @Test
    void aLaneThatWasForgottenGetsNoTurn() {
        Pace.Waiter waiter = () -> turns.add("a");
        pace.await(waiter);

        pace.forget(waiter);
        pace.giveTurns();

        assertThat(turns).isEmpty();
        assertThat(pace.isFree()).isTrue();
    }
}
