package dev.vela.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.InFlightPolicy;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SetupTest {

    @Test
    void theSameSeedDrawsTheSameForBothSubjects() {
        Setup vela = Setup.draw(5, Subject.VELA, 100);
        Setup official = Setup.draw(5, Subject.OFFICIAL, 100);

        assertThat(Setup.draw(5, Subject.VELA, 100)).isEqualTo(vela);
        assertThat(new Setup(
                        Subject.VELA,
                        official.batching(),
                        official.deduplication(),
                        official.producers(),
                        official.inFlight(),
                        100,
                        vela.dimensions()))
                .isEqualTo(vela);
    }

    @Test
    void aSeedDrawsWhatItHasAlwaysDrawn() {
        assertThat(Setup.draw(1, Subject.VELA, 100).withDimensions(Set.of()))
                .isEqualTo(new Setup(Subject.VELA, true, true, 1, InFlightPolicy.REPLAY, 100, Set.of()));
        assertThat(Setup.draw(2, Subject.VELA, 100).withDimensions(Set.of()))
                .isEqualTo(new Setup(Subject.VELA, false, true, 2, InFlightPolicy.REPORT, 100, Set.of()));
        assertThat(Setup.draw(4, Subject.VELA, 100).withDimensions(Set.of()))
                .isEqualTo(new Setup(Subject.VELA, false, false, 1, InFlightPolicy.REPORT, 100, Set.of()));
    }

    @Test
    void seedsDrawAllCombinations() {
        assertThat(LongStream.range(0, 200)
                        .mapToObj(seed -> Setup.draw(seed, Subject.VELA, 100).withDimensions(Set.of()))
                        .distinct())
                .hasSize(2 * 2 * 3 * 2);
    }

    @Test
    void aThirdOfTheSeedsDrawsEachDimensionAndNoneBothOfAPair() {
        for (Dimension dimension : Dimension.values()) {
            assertThat(LongStream.range(0, 300)
                            .filter(seed -> Setup.draw(seed, Subject.VELA, 100).has(dimension))
                            .count())
                    .as(dimension.label())
                    .isBetween(45L, 135L);
        }
        assertThat(LongStream.range(0, 300).mapToObj(seed -> Setup.draw(seed, Subject.VELA, 100)))
                .noneMatch(setup -> setup.has(Dimension.FENCING) && setup.has(Dimension.STANDBY));
    }

    @Test
    void leavesOutWhatTheOfficialClientCannotDo() {
        Setup setup =
                Setup.draw(1, Subject.OFFICIAL, 100).withDimensions(Set.of(Dimension.CHUNKING, Dimension.TRANSACTIONS));

        assertThat(setup.dimensions()).containsExactly(Dimension.CHUNKING);
        assertThat(setup.dimensionLabels()).isEqualTo("chunking");
        assertThat(setup.withDimensions(Set.of()).dimensionLabels()).isEqualTo("none");
    }
}
