package dev.vela.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.chaos.FaultKind.Where;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ScheduleTest {

    private static final Duration LONG = Duration.ofMinutes(20);
    private static final Set<FaultKind> ALL = EnumSet.allOf(FaultKind.class);

    @Test
    void theSameSeedDrawsTheSameSchedule() {
        Schedule first = Schedule.draw(7, LONG, ALL);
        Schedule second = Schedule.draw(7, LONG, ALL);

        assertThat(second).isEqualTo(first).hasToString(first.toString());
    }

    @Test
    void anotherSeedDrawsAnother() {
        assertThat(LongStream.range(0, 20)
                        .mapToObj(seed -> Schedule.draw(seed, LONG, ALL))
                        .distinct())
                .hasSize(20);
    }

    @Test
    void everyFaultHasItsTurn() {
        assertThat(Schedule.draw(3, LONG, ALL).entries())
                .extracting(Schedule.Entry::kind)
                .containsAll(ALL);
    }

    @Test
    void oneFaultAloneComesOnce() {
        for (FaultKind kind : ALL) {
            List<Schedule.Entry> entries = Schedule.once(7, kind).entries();

            assertThat(entries).extracting(Schedule.Entry::kind).containsExactly(kind);
            assertThat(entries.get(0).durationMillis())
                    .isBetween(kind.shortest().toMillis(), kind.longest().toMillis());
            assertThat(Schedule.once(7, kind).entries()).isEqualTo(entries);
        }
    }

    @Test
    void holdsOnlyWhatIsPossible() {
        Set<FaultKind> possible = EnumSet.of(FaultKind.TCP_CUT, FaultKind.POISON);

        assertThat(Schedule.draw(3, LONG, possible).entries())
                .extracting(Schedule.Entry::kind)
                .isSubsetOf(possible);
        assertThat(Schedule.draw(3, LONG, Set.of()).entries()).isEmpty();
    }

    @Test
    void endsBeforeTheRunDoesAndNothingOverlapsOnATrack() {
        for (long seed = 0; seed < 100; seed++) {
            List<Schedule.Entry> entries =
                    Schedule.draw(seed, Duration.ofMinutes(1), ALL).entries();

            assertThat(entries).isNotEmpty().isSortedAccordingTo(Comparator.comparingLong(Schedule.Entry::atMillis));
            assertThat(entries).allSatisfy(entry -> {
                assertThat(entry.endMillis()).isLessThanOrEqualTo(56_000);
                assertThat(entry.durationMillis())
                        .isBetween(
                                entry.kind().shortest().toMillis(),
                                entry.kind().longest().toMillis());
            });
            apart(entries.stream()
                    .filter(entry -> entry.kind().where() == Where.APPLICATION)
                    .toList());
            apart(entries.stream()
                    .filter(entry -> entry.kind().where() != Where.APPLICATION)
                    .toList());
        }
    }

    private static void apart(List<Schedule.Entry> track) {
        for (int i = 1; i < track.size(); i++) {
            assertThat(track.get(i).atMillis())
                    .isGreaterThanOrEqualTo(track.get(i - 1).endMillis() + 2_000);
        }
    }
}
