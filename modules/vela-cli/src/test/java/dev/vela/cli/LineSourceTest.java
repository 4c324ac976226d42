package dev.vela.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineSourceTest {

    @Test
    void givesEachLineWithoutItsEnd() throws IOException {
        assertThat(lines("one\ntwo\r\nthree")).containsExactly("one", "two", "three");
    }

    @Test
    void takesAnEmptyLineForAMessageButNotTheEndOfTheInput() throws IOException {
        assertThat(lines("one\n\ntwo\n")).containsExactly("one", "", "two");
        assertThat(lines("")).isEmpty();
        assertThat(lines("\n")).containsExactly("");
    }

    @Test
    void joinsWhatArrivesInPieces() throws IOException {
        String line = "x".repeat(200_000);
        InputStream trickle = new ByteArrayInputStream((line + "\r\nrest").getBytes(UTF_8)) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
                return super.read(target, offset, Math.min(length, 1_001));
            }
        };

        assertThat(lines(trickle)).containsExactly(line, "rest");
    }

    @Test
    void numbersLinesFromOneAndCountsThoseThatAreSkipped() throws IOException {
        LineSource source = source("{}\n\n{}\n", new JsonLineParser(null, null));

        assertThat(source.next().number()).isEqualTo(1);
        assertThat(source.next().number()).isEqualTo(3);
        assertThat(source.next()).isNull();
    }

    @Test
    void refusesALineThatNoMessageCouldHold() {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 'x';
            }

            @Override
            public int read(byte[] target, int offset, int length) {
                return length;
            }
        };
        LineSource source = new LineSource("endless", endless, LineSource.UNKNOWN_SIZE, new PlainLineParser());

        assertThatThrownBy(source::next)
                .isInstanceOf(MalformedLineException.class)
                .hasMessage("line 1: longer than 64 MiB");
    }

    @Test
    void tellsHowFarItIs() throws IOException {
        LineSource source = new LineSource(
                "file", new ByteArrayInputStream("12345\n1234\n".getBytes(UTF_8)), 11, new PlainLineParser());

        assertThat(source.fraction()).isZero();
        source.next();
        assertThat(source.fraction()).isEqualTo(6.0 / 11);
        source.next();
        assertThat(source.fraction()).isEqualTo(1);
        assertThat(source("", new PlainLineParser()).fraction()).isNegative();
    }

    private static List<String> lines(String input) throws IOException {
        return lines(new ByteArrayInputStream(input.getBytes(UTF_8)));
    }

    private static List<String> lines(InputStream input) throws IOException {
        LineSource source = new LineSource("test", input, LineSource.UNKNOWN_SIZE, new PlainLineParser());
        List<String> lines = new ArrayList<>();
        for (InputLine line = source.next(); line != null; line = source.next()) {
            lines.add(new String(line.payload(), UTF_8));
        }
        return lines;
    }

    private static LineSource source(String input, LineParser parser) {
        return new LineSource("test", new ByteArrayInputStream(input.getBytes(UTF_8)), LineSource.UNKNOWN_SIZE, parser);
    }
}
