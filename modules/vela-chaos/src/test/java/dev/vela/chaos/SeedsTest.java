package dev.vela.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeedsTest {

    @Test
    void areNumbersAndRanges() {
        assertThat(Seeds.parse("7")).containsExactly(7L);
        assertThat(Seeds.parse("1-3")).containsExactly(1L, 2L, 3L);
        assertThat(Seeds.parse("7,12,30-31,7")).containsExactly(7L, 12L, 30L, 31L, 7L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "1-", "-1", "1,,2", "1..3", "9999999999999999999"})
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> Seeds.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("seeds must be such as 1-120 or 7,12,30-39, was " + text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"3-1", "0-100000", "1-60000,1-60000", "0-999999999999999999"})
    void soAreBackwardRangesAndTooMany(String text) {
        assertThatThrownBy(() -> Seeds.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("seeds must be 1 to 100000 of them, ascending, was " + text);
    }
}
