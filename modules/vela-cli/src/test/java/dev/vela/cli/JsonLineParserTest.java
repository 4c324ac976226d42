package dev.vela.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonLineParserTest {

    @Test
    void keepsTheLineAsItWasWritten() throws IOException {
        String line = " {\"b\" : 1.0,\t\"ä\":[{}] } ";

        assertThat(parser(null, null).parse(1, line.getBytes(UTF_8)).payload()).isEqualTo(line.getBytes(UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{\"k\":\"Jörg\"}|Jörg", "{\"k\":42}|42", "{\"k\":1.50}|1.50", "{\"x\":{\"k\":1},\"k\":\"\"}|''"})
    void takesTheKeyFromAFieldAtTheTop(String line, String key) throws IOException {
        assertThat(parser("k", null).parse(1, line.getBytes(UTF_8)).key()).isEqualTo(key);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"t\":1777638600000}",
                "{\"t\":\"2026-05-01T12:30:00Z\"}",
                "{\"t\":\"2026-05-01T12:30:00.000Z\"}",
                "{\"t\":\"2026-05-01T14:30:00+02:00\"}"
            })
    void takesTheEventTimeFromMillisecondsOrAnInstant(String line) throws IOException {
        assertThat(parser(null, "t").parse(1, line.getBytes(UTF_8)).eventTime()).isEqualTo(1_777_638_600_000L);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{\"t\":-5}|-5", "{\"t\":\"1960-01-01T00:00:00Z\"}|-315619200000"})
    void takesAnEventTimeBefore1970(String line, long eventTime) throws IOException {
        assertThat(parser(null, "t").parse(1, line.getBytes(UTF_8)).eventTime()).isEqualTo(eventTime);
    }

    @Test
    void takesKeyAndEventTimeFromTheSameField() throws IOException {
        InputLine line = parser("t", "t").parse(1, "{\"t\":7}".getBytes(UTF_8));

        assertThat(line.key()).isEqualTo("7");
        assertThat(line.eventTime()).isEqualTo(7);
    }

    @Test
    void needsNoObjectWhereNoFieldIsWanted() throws IOException {
        InputLine line = parser(null, null).parse(1, "[1, 2]".getBytes(UTF_8));

        assertThat(line.key()).isNull();
        assertThat(line.eventTime()).isEqualTo(InputLine.NO_EVENT_TIME);
    }

    @Test
    void skipsLinesWithNothingInThem() throws IOException {
        assertThat(parser("k", null).parse(1, new byte[0])).isNull();
        assertThat(parser("k", null).parse(1, " \t".getBytes(UTF_8))).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"k\":1|line 9: not JSON: ",
                "{k:1}|line 9: not JSON: ",
                "hello|line 9: not JSON: ",
                "{\"k\":1} {}|line 9: more than one JSON value",
                "{\"K\":1}|line 9: no field \"k\" to take the key from",
                "[\"k\"]|line 9: no field \"k\" to take the key from",
                "{\"x\":{\"k\":1}}|line 9: no field \"k\" to take the key from",
                "{\"k\":null}|line 9: the key \"k\" is neither a string nor a number",
                "{\"k\":\"a\\ud800\"}|line 9: the key \"k\" holds half of a surrogate pair, which no key of a message can",
                "{\"k\":[1]}|line 9: the key \"k\" is neither a string nor a number",
                "{\"k\":true}|line 9: the key \"k\" is neither a string nor a number"
            })
    void namesTheLineThatIsMalformedAndSaysWhy(String line, String message) {
        assertThatThrownBy(() -> parser("k", null).parse(9, line.getBytes(UTF_8)))
                .isInstanceOf(MalformedLineException.class)
                .hasMessageStartingWith(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"t\":\"yesterday\"}",
                "{\"t\":0}",
                "{\"t\":1.5}",
                "{\"t\":null}",
                "{\"t\":99999999999999999999}",
                "{\"t\":\"+999999999-12-31T23:59:59Z\"}"
            })
    void refusesAnEventTimeThatIsNone(String line) {
        assertThatThrownBy(() -> parser(null, "t").parse(3, line.getBytes(UTF_8)))
                .isInstanceOf(MalformedLineException.class)
                .hasMessageStartingWith("line 3: the event time \"t\" is neither");
    }

    private static JsonLineParser parser(String keyField, String eventTimeField) {
        return new JsonLineParser(keyField, eventTimeField);
    }
}
