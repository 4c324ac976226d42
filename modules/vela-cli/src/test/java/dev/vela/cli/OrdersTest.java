package dev.vela.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class OrdersTest {

    private static final Path SAMPLES = Samples.folder();

    @Test
    void sampleIsWhatItsProgramWrites() throws Exception {
        Process program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        SAMPLES.resolve("Orders.java").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String written = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(program.waitFor()).isZero();
        assertThat(written).isEqualTo(Files.readString(SAMPLES.resolve("orders.ndjson")));
    }

    @Test
    void sampleHasTenThousandOrdersOfTwoHundredCustomersWithTheirTimes() throws Exception {
        JsonLineParser parser = new JsonLineParser("customer", "time");
        long customers = Files.readAllLines(SAMPLES.resolve("orders.ndjson")).stream()
                .map(line -> key(parser, line))
                .distinct()
                .count();

        assertThat(Files.readAllLines(SAMPLES.resolve("orders.ndjson"))).hasSize(10_000);
        assertThat(customers).isEqualTo(200);
    }

    private static String key(JsonLineParser parser, String line) {
        try {
            return parser.parse(1, line.getBytes(StandardCharsets.UTF_8)).key();
        } catch (java.io.IOException e) {
            throw new AssertionError(line, e);
        }
    }
}
