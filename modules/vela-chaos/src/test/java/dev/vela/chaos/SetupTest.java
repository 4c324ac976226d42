package dev.vela.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.InFlightPolicy;
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
                        100))
                .isEqualTo(vela);
    }

    @Test
    void aSeedDrawsWhatItHasAlwaysDrawn() {
        assertThat(Setup.draw(1, Subject.VELA, 100))
                .isEqualTo(new Setup(Subject.VELA, true, true, 1, InFlightPolicy.REPLAY, 100));
        assertThat(Setup.draw(2, Subject.VELA, 100))
                .isEqualTo(new Setup(Subject.VELA, false, true, 2, InFlightPolicy.REPORT, 100));
        assertThat(Setup.draw(4, Subject.VELA, 100))
                .isEqualTo(new Setup(Subject.VELA, false, false, 1, InFlightPolicy.REPORT, 100));
    }

    @Test
    void seedsDrawAllCombinations() {
        assertThat(LongStream.range(0, 200)
                        .mapToObj(seed -> Setup.draw(seed, Subject.VELA, 100))
                        .distinct())
                .hasSize(2 * 2 * 3 * 2);
    }
}
