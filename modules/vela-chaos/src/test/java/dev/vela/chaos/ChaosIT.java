package dev.vela.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/**
 * Runs of Vela come out clean, on a Pulsar of one process: it starts sooner than a cluster. The system properties {@code vela.chaos.seeds} (a list) and {@code vela.chaos.minutes} say
 * which, and how long each is.
 */
class ChaosIT {

    private static final String MINUTES = System.getProperty("vela.chaos.minutes", "0.5");

    @TempDir
    private Path folder;

    static String[] seeds() {
        return System.getProperty("vela.chaos.seeds", "1").split(",");
    }

    private record Result(int status, JsonNode report, String progress) {}

    private Result run(String... more) throws Exception {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> arguments = new ArrayList<>(List.of(more));
        arguments.addAll(List.of("--json", "--standalone", "--rate=500", "--output=" + folder));
        int status = new CommandLine(new ChaosCommand(Callable::call))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments.toArray(new String[0]));
        assertThat(out.toString().lines()).as(err.toString()).hasSize(1);
        return new Result(status, new ObjectMapper().readTree(out.toString()), err.toString());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void comesOutClean(String seed) throws Exception {
        Result result = run("--seed=" + seed, "--minutes=" + MINUTES);

        JsonNode report = result.report();
        assertThat(result.status()).as(report + "\n" + result.progress()).isZero();
        assertThat(report.get("seed").asText()).isEqualTo(seed);
        assertThat(report.get("stored").asLong()).isPositive();
        assertThat(report.get("sent").asLong())
                .isEqualTo(report.get("stored").asLong()
                        + report.get("failed").asLong()
                        + report.get("unknown").asLong());
        assertThat(report.get("faults"))
                .isNotEmpty()
                .allSatisfy(fault -> assertThat(fault.get("problem")).isNull());
        for (String zero : List.of("lost", "outOfOrder", "unanswered", "leaked", "dishonest")) {
            assertThat(report.get(zero).asLong(-1)).as(zero).isZero();
        }
    }
}
