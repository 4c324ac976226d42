package dev.vela.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 10, unit = TimeUnit.MINUTES)
class BrokerRestartIT {

    @Test
    void losesNothingWhenTheBrokerIsKilledInTheMiddle() throws Exception {
        PipedInputStream input = new PipedInputStream(1 << 16);
        PipedOutputStream lines = new PipedOutputStream(input);
        CompletableFuture<Run> running = CompletableFuture.supplyAsync(() -> Run.withInput(
                input,
                new Interruption(),
                "produce",
                "-t",
                "restart",
                "--url",
                SharedPulsar.url(),
                "--key-field",
                "k",
                "--timeout",
                "5m",
                "--verify",
                "--json"));
        write(lines, 0, 500);
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .ignoreExceptions()
                .until(() -> Json.of(SharedPulsar.get().admin().stats("restart"))
                                .get("msgInCounter")
                                .asLong()
                        > 0);

        SharedPulsar.get().kill();
        write(lines, 500, 600);
        SharedPulsar.get().restart();
        write(lines, 600, 1_000);
        lines.close();

        Run run = running.get();
        JsonNode report = Json.of(run.out());
        assertThat(report.get("published").asLong()).isEqualTo(1_000);
        assertThat(report.get("verified").asLong()).isEqualTo(1_000);
        assertThat(report.get("lost").asLong(-1)).isZero();
        assertThat(report.get("outOfOrder").asLong()).isZero();
        assertThat(report.get("failed").asLong()).isZero();
        // Whatever was stored before the kill, and its receipt lost, is stored again.
        assertThat(run.status()).isEqualTo(report.get("duplicated").asLong() == 0 ? 0 : Main.FAILURE);
    }

    private static void write(PipedOutputStream lines, int from, int to) throws Exception {
        for (int i = from; i < to; i++) {
            lines.write(("{\"k\":" + i % 10 + ",\"i\":" + i + "}\n").getBytes(UTF_8));
        }
        lines.flush();
    }
}
