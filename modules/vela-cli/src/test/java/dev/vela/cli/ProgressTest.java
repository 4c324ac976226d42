package dev.vela.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private final StringWriter written = new StringWriter();

    @Test
    void drawsABarWhereTheEndIsKnown() {
        assertThat(Progress.bar(0.5, 1_234, 99.6, "READY"))
                .isEqualTo("[===============               ]  50%  1,234 published  100/s  READY");
        assertThat(Progress.bar(1, 1, 0, "")).isEqualTo("[" + "=".repeat(30) + "] 100%  1 published  0/s");
        assertThat(Progress.bar(-1, 1_234, 99.6, "READY")).isEqualTo("1,234 published  100/s  READY");
    }

    @Test
    void rewritesItsLineAndLeavesNothingBehind() {
        try (Progress progress = new Progress(new PrintWriter(written), true)) {
            progress.phase("working");
            await().atMost(Duration.ofMinutes(1)).until(() -> written.toString().contains("\r\u001b[Kworking …"));
        }
        assertThat(written.toString()).endsWith("\r\u001b[K");
    }

    @Test
    void isSilentWhereNobodyWatches() {
        try (Progress progress = new Progress(new PrintWriter(written, true), false)) {
            progress.phase("working");
            progress.note("a note");
        }
        assertThat(written.toString()).isEqualTo("a note" + System.lineSeparator());
    }
}
