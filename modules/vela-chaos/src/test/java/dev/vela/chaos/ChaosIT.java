package dev.vela.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * Runs of Vela come out clean. System properties say which and how long each is: {@code vela.chaos.seeds} (a list) and
 * {@code vela.chaos.minutes} for the first tier, on a Pulsar of one process, {@code vela.chaos.more.seeds} and
 * {@code vela.chaos.more.minutes} for the second, on a cluster.
 */
class ChaosIT {

    private static final String SEEDS = System.getProperty("vela.chaos.seeds", "1");
    private static final String MORE_SEEDS = System.getProperty("vela.chaos.more.seeds", "1,2,3");
    private static final String MINUTES = System.getProperty("vela.chaos.minutes", "0.25");
    private static final String MORE_MINUTES = System.getProperty("vela.chaos.more.minutes", "0.5");

    @TempDir
    private Path folder;

    @Test
    void runsComeOutClean() throws Exception {
        runsComeOutClean(SEEDS, MINUTES, "--standalone");
    }

    @Test
    @Tag("full")
    void runsOnAClusterComeOutClean() throws Exception {
        runsComeOutClean(MORE_SEEDS, MORE_MINUTES);
    }

    @Test
    @Tag("full")
    void eachFaultAloneHasALineOfItsOwn() {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();

        int status = new CommandLine(new ChaosCommand(UnaryOperator.identity()))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(
                        "--alone",
                        "--seed=7",
                        "--minutes=0.25",
                        "--faults=topic-unloaded,flood",
                        "--standalone",
                        "--rate=500");

        assertThat(status).as(out + "\n" + err).isZero();
        assertThat(out.toString().lines())
                .satisfiesExactly(
                        header -> assertThat(header).startsWith("fault ").endsWith(" verdict"),
                        first -> assertThat(first)
                                .startsWith("topic-unloaded ")
                                .doesNotContain("not done")
                                .endsWith(" clean"),
                        second -> assertThat(second)
                                .startsWith("flood ")
                                .doesNotContain("not done")
                                .endsWith(" clean"));
    }

    private void runsComeOutClean(String asked, String minutes, String... where) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(where));
        arguments.addAll(List.of("--seeds=" + asked, "--json", "--rate=500", "--output=" + folder));
        arguments.add("--minutes=" + minutes);
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();

        int status = new CommandLine(new ChaosCommand(UnaryOperator.identity()))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments.toArray(String[]::new));

        assertThat(status).as(out + "\n" + err).isZero();
        List<String> seeds = new ArrayList<>();
        for (String line : out.toString().lines().toList()) {
            JsonNode report = new ObjectMapper().readTree(line);
            isClean(report);
            seeds.add(report.get("seed").asText());
        }
        assertThat(seeds).containsExactly(asked.split(","));
        assertThat(folder.resolve("seed-" + seeds.get(0)))
                .isDirectoryContaining("glob:**/journal-0")
                .isDirectoryContaining("glob:**/report.txt");
    }

    private static void isClean(JsonNode report) {
        assertThat(report.get("stored").asLong()).isPositive();
        assertThat(report.get("sent").asLong())
                .isEqualTo(report.get("stored").asLong()
                        + report.get("failed").asLong()
                        + report.get("unknown").asLong());
        assertThat(report.get("faults"))
                .isNotEmpty()
                .allSatisfy(fault -> assertThat(fault.get("problem")).isNull());
        for (String zero :
                List.of("lost", "outOfOrder", "unanswered", "leaked", "dishonest", "abandoned", "usurped", "torn")) {
            assertThat(report.get(zero).asLong(-1)).as(zero).isZero();
        }
    }
}
