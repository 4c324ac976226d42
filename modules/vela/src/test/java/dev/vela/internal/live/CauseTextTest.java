package dev.vela.internal.live;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
                "keyStorePassword=abc&x=1 | keyStorePassword=***",
                "clientSecret=abc | clientSecret=***",
                "Authorization: Bearer abc-123 is bad | Authorization: ***",
                "refused Bearer abc-123 just now | refused Bearer *** just now",
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{privateKey=data:application/json;base64,S3CRET}",
                "fetched data:application/json;base64,S3CRET",
                "{\"body\":\"{\\\"access_token\\\":\\\"S3CRET\\\"}\"}",
                "{\\\"token\\\": \\\"a\\\\\\\"S3CRET\\\", \\\"user\\\": 1}",
                "\"password\":\"ab\\\"S3CRET\"",
                "pulsar://user:pa/S3CRET@host",
                "private key: S3CRET",
                "api key: S3CRET",
                "-----BEGIN PRIVATE KEY-----\nS3CRET\n-----END PRIVATE KEY-----",
                "-----BEGIN EC PRIVATE KEY-----\nS3CRET",
                "password=}S3CRET",
                "password=&S3CRET",
                "password=;S3CRET",
                "password=a;S3CRET",
                "password=a&S3CRET",
                "password=a)S3CRET",
                "accessKey=S3CRET",
                "SharedAccessKey=S3CRET",
                "https://host/x?sv=1&sig=S3CRET",
                "Authorization: Digest username=\"me\", response=\"S3CRET\"",
                "Authorization: Basic S3CRET==",
                "Proxy-Authorization=[Bearer S3CRET]",
                "Cookie: a=1; session=S3CRET",
                "authParams:S3CRET",
                "Authorization: ApiKey S3CRET",
                "keyStorePass=S3CRET",
                "passcode: S3CRET",
                "token => S3CRET",
                "?token%3DS3CRET",
                "password='a\\'S3CRET'",
                "password=\"\"S3CRET",
                "---- BEGIN SSH2 PRIVATE KEY ----\nS3CRET",
                "token_eyJhbGciOi.S3CRET.y",
            })
    void noSecretIsLeft(String message) {
        assertThat(CauseText.of(new IllegalStateException(message)))
                .doesNotContain("S3CRET")
                .contains("***");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Basic authentication failed",
                "Bearer token is expired",
                "topic token-orders not found",
                "the ledger 17 of persistent://public/default/orders is at host:6650",
                "Topic epoch has already moved. Current epoch: 1",
            })
    void whatIsNoSecretIsNotMasked(String message) {
        assertThat(CauseText.of(new IllegalStateException(message))).isEqualTo("IllegalStateException: " + message);
    }

    @Test
    void halfASecretIsLeftOut() {
        String blanks = " ".repeat(3950);
        assertThat(CauseText.of(
                        new IllegalStateException(blanks + "at pulsar://me:S3CRET" + "x".repeat(20_000) + "@host")))
                .doesNotContain("S3CRET");
    }

    @Test
    void aLongUserOfAnAddressIsLeftOut() {
        assertThat(CauseText.of(new IllegalStateException("at pulsar://me:S3CRET" + "x".repeat(2000) + "@host:6650")))
                .isEqualTo("IllegalStateException: at pulsar://***@host:6650");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"eyJ-", "a@", "://", "password=", "data:", "-----BEGIN A-----", "token\\\"", "sig", "Basic "})
    void repetitionsComeToAnEnd(String part) {
        assertThat(CauseText.of(new IllegalStateException(part.repeat(4000 / part.length()))))
                .startsWith("IllegalStateException: ");
    }

    @Test
    void aCauseThatCannotTellItsMessageHasAName() {
        RuntimeException mute = new RuntimeException() {
            @Override
            public String getMessage() {
                throw new IllegalStateException("no message");
            }
        };
        assertThat(CauseText.of(mute)).isEqualTo(mute.getClass().getName());
    }

    @Test
    void noCharacterIsCutInHalf() {
        String text = CauseText.of(new IllegalStateException("\uD83D\uDE80".repeat(500)));
        assertThat(text).endsWith("\uD83D\uDE80…");
        assertThat(CauseText.of(new IllegalStateException("x" + "\uD83D\uDE80".repeat(500))))
                .endsWith("\uD83D\uDE80…");
    }

    @Test
    void itHoldsNothingThatATerminalObeys() {
        assertThat(CauseText.of(new IllegalStateException("a\u009B31mb\u2028c\u202Ed\u001B[2Je")))
                .isEqualTo("IllegalStateException: a 31mb c d [2Je");
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
