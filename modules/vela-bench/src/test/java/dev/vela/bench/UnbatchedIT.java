package dev.vela.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.local.LocalPulsar;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine;

/** The benchmark runs, from its command line to its report. What it finds is not for a test to say. */
class UnbatchedIT {
    private final StringWriter out = new StringWriter();

    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void measuresBothAndReports() {
        int status = run("unbatched", "--rounds", "1", "--warmup-rounds", "0", "--seconds", "1");

        assertThat(status).isZero();
        assertThat(out.toString())
                .contains("throughput, messages/s", "paced latency, p50", "blocking send, p99", "Vela");
    }

    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void measuresOnAPulsarThatIsThereAndReportsToMachines() {
        try (LocalPulsar pulsar = LocalPulsar.start()) {
            int status = run(
                    "unbatched",
                    "--url",
                    pulsar.serviceUrl(),
                    "--rounds",
                    "1",
                    "--warmup-rounds",
                    "0",
                    "--seconds",
                    "1",
                    "--control",
                    "--json");

            assertThat(status).isZero();
        }
        assertThat(out.toString())
                .startsWith("{\"benchmark\":\"unbatched\"")
                .contains("\"control\":true", "\"ratio\":");
    }

    @Test
    void refusesARunOfNoRounds() {
        assertThat(run("unbatched", "--rounds", "0")).isEqualTo(CommandLine.ExitCode.USAGE);
    }

    private int run(String... args) {
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(new StringWriter()))
                .execute(args);
    }
}
