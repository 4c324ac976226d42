package dev.vela.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vela.KeyHash;
import java.time.Duration;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConversionsTest {

    @Test
    void readsDurations() {
        assertThat(Conversions.duration("200ms")).isEqualTo(Duration.ofMillis(200));
        assertThat(Conversions.duration("5s")).isEqualTo(Duration.ofSeconds(5));
        assertThat(Conversions.duration("2m")).isEqualTo(Duration.ofMinutes(2));
        assertThat(Conversions.duration("1h")).isEqualTo(Duration.ofHours(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0ms", "200ms", "60001ms", "5s", "90s", "2m", "1h", "36h"})
    void writesDurationsAsItReadsThem(String text) {
        assertThat(Conversions.text(Conversions.duration(text))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "5 s", "-5s", "5sec", "1.5s", "PT5S", "9999999999s"})
    void refusesWhatIsNoDuration(String text) {
        assertThatThrownBy(() -> Conversions.duration(text)).hasMessageContaining("'" + text + "' is not a duration");
    }

    @ParameterizedTest
    @ValueSource(strings = {"WaitForExclusive", "waitforexclusive", "wait-for-exclusive", "WAIT_FOR_EXCLUSIVE"})
    void readsConstantsHoweverTheyAreWritten(String text) {
        assertThat(Conversions.constant(ProducerAccessMode.class, text)).isEqualTo(ProducerAccessMode.WaitForExclusive);
    }

    @Test
    void namesAllConstantsWhenNoneIsMeant() {
        assertThatThrownBy(() -> Conversions.constant(KeyHash.class, "md5"))
                .hasMessage("'md5' is none of PHASH2, MURMUR3_32, JAVA_STRING");
    }
}
