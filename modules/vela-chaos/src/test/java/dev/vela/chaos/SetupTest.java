package dev.vela.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SetupTest {

    @Test
    void theSameSeedDrawsTheSameForBothSubjects() {
        Setup vela = Setup.draw(5, Subject.VELA, 100);
        Setup official = Setup.draw(5, Subject.OFFICIAL, 100);

        assertThat(Setup.draw(5, Subject.VELA, 100)).isEqualTo(vela);
        assertThat(new Setup(Subject.VELA, official.batching(), official.deduplication(), official.producers(), 100))
                .isEqualTo(vela);
    }

    @Test
    void seedsDrawAllCombinations() {
        assertThat(LongStream.range(0, 200)
                        .mapToObj(seed -> Setup.draw(seed, Subject.VELA, 100))
                        .distinct())
                .hasSize(2 * 2 * 3);
    }
}
