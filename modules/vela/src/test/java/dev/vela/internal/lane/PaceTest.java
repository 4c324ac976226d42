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

    private void await(String name) {
        pace.await(place(name));
    }

    private Pace.Place place(String name) {
        return new Pace.Place(() -> turns.add(name));
    }

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
    void isBackedUpWhenMoreThan24EntriesAreInFlightOnlyBecauseReceiptsAreSlow() {
        stored(1, BASE);
        stored(1000, 4 * BASE);

        handed(32);
        assertThat(pace.isBackedUp()).isFalse();
        handed(1);
        assertThat(pace.isBackedUp()).isTrue();
        pace.ended();

        assertThat(pace.isBackedUp()).isFalse();
    }

    @Test
    void aReceiptThatComesVeryLateCountsForAFewTimesTheUsual() {
        stored(100, BASE);

        pace.stored(100_000 * BASE);

        assertThat(pace.roundTrip()).isLessThan(2 * BASE);
    }

    @Test
    void aPlaceIsInTheQueueOnce() {
        Pace.Place place = place("a");
        pace.await(place);
        pace.await(place);
        assertThat(place.isQueued()).isTrue();

        pace.giveTurns();
        pace.giveTurns();

        assertThat(turns).containsExactly("a");
        assertThat(place.isQueued()).isFalse();
    }

    @Test
    void aTurnThatNobodyNeedsGoesToTheNext() {
        for (int i = 0; i < 500; i++) {
            pace.await(new Pace.Place(() -> false));
        }
        await("a");

        pace.giveTurns();

        assertThat(turns).containsExactly("a");
    }

    @Test
    void aTurnThatGivesTurnsDoesNotRecurse() {
        for (int i = 0; i < 20; i++) {
            pace.await(new Pace.Place(() -> {
                int before = turns.size();
                pace.giveTurns();
                assertThat(turns).hasSize(before);
                return turns.add("turn");
            }));
        }

        pace.giveTurns();

        assertThat(turns).hasSize(20);
        assertThat(pace.isFree()).isTrue();
    }

    @Test
    void takesALongerWayForTheShortestInTheEnd() {
        stored(1, BASE);
        stored(1000, 3 * BASE);
        handed(40);
        assertThat(pace.isBackedUp()).isTrue();

        stored(1_000_000, 3 * BASE);

        assertThat(pace.isBackedUp()).isFalse();
    }

    @Test
    void givesTwoTurnsAtATimeToThoseThatHaveWaitedTheLongest() {
        await("a");
        await("b");
        await("c");
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
        stored(1000, 3 * BASE);
        handed(40);
        await("a");

        pace.giveTurns();

        assertThat(turns).isEmpty();
    }

    @Test
    void aTurnThatFailsIsItsOwnLanesAlone() {
        pace.await(new Pace.Place(() -> {
            throw new StackOverflowError("expected by the test");
        }));
        await("b");

        assertThatCode(pace::giveTurns).doesNotThrowAnyException();

        assertThat(turns).containsExactly("b");
    }

    @Test
    void aLaneThatWasForgottenGetsNoTurn() {
        Pace.Place place = place("a");
        pace.await(place);

        pace.forget(place);
        pace.giveTurns();

        assertThat(turns).isEmpty();
        assertThat(pace.isFree()).isTrue();
    }
}
