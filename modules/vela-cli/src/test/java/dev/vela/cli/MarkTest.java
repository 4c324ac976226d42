package dev.vela.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class MarkTest {

    @Test
    void comesBackFromItsText() {
        Mark mark = new Mark("run", 12, -1);

        assertThat(mark.encoded()).isEqualTo("run/12/ffffffffffffffff");
        assertThat(Mark.parse(mark.encoded())).isEqualTo(mark);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "run", "run/1", "run/x/1", "run/-1/1", "run/1/y", "run/1/2/3"})
    void isNothingForAnyOtherText(String text) {
        assertThat(Mark.parse(text)).isNull();
    }

    @Test
    void digestTellsKeysEventTimesAndPayloadsApart() {
        byte[] payload = "payload".getBytes(UTF_8);
        long digest = Digest.of("key", 1, payload);

        assertThat(Digest.of("key", 1, "payload".getBytes(UTF_8))).isEqualTo(digest);
        assertThat(Digest.of("Key", 1, payload)).isNotEqualTo(digest);
        assertThat(Digest.of(null, 1, payload)).isNotEqualTo(digest);
        assertThat(Digest.of("", 1, payload)).isNotEqualTo(Digest.of(null, 1, payload));
        assertThat(Digest.of("key", 2, payload)).isNotEqualTo(digest);
        assertThat(Digest.of("key", 1, "payloaD".getBytes(UTF_8))).isNotEqualTo(digest);
        assertThat(Digest.of("keyp", 1, "ayload".getBytes(UTF_8))).isNotEqualTo(digest);
    }
}
