package dev.vela.internal.live;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CauseTextTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "no such topic: t | no such topic: t",
                "refused token=abc.def, again | refused token=***, again",
                "params token:abc | params token:***",
                "{\"tokenSecretKey\": \"abc\"} | {\"tokenSecretKey\": ***}",
                "password = abc; user=me | password = ***; user=me",
                "keyStorePassword=abc&x=1 | keyStorePassword=***&x=1",
                "clientSecret=abc | clientSecret=***",
                "Authorization: Bearer abc-123 is bad | Authorization: Bearer *** is bad",
                "at pulsar://me:abc@host:6650/x | at pulsar://***@host:6650/x",
                "at pulsar://me:a@b@host:6650/x | at pulsar://***@host:6650/x",
                "password=a,b; user=me | password=***; user=me",
                "{\"password\": \"a, b c\", \"user\": \"me\"} | {\"password\": ***, \"user\": \"me\"}",
                "trustStorePassword='a b' is bad | trustStorePassword=*** is bad",
                "got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJtZSJ9.c2lnbmF0dXJl now | got *** now",
            })
    void secretsAreMasked(String message, String masked) {
        assertThat(CauseText.of(new IllegalStateException(message))).isEqualTo("IllegalStateException: " + masked);
    }

    @Test
    void itIsOneLineThatIsNotLong() {
        assertThat(CauseText.of(new IllegalStateException("one\n\ttwo\r\nthree\n")))
                .isEqualTo("IllegalStateException: one two three");
        assertThat(CauseText.of(new IllegalStateException("long ".repeat(1000))))
                .hasSize(CauseText.MAX_LENGTH)
                .endsWith("…");
        assertThat(CauseText.of(new AssertionError())).isEqualTo("AssertionError");
    }
}
