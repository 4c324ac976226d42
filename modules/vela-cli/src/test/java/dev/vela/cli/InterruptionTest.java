package dev.vela.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class InterruptionTest {

    private final Interruption interruption = new Interruption();

    @Test
    void givesTheResultOfWhatEndsByItself() throws Exception {
        assertThat(interruption.unlessRequested(Interruption.inBackground("task", () -> "done")))
                .isEqualTo("done");
        assertThat(interruption.statusOr(7)).isEqualTo(7);
    }

    @Test
    void failsWithWhatTheTaskFailsWith() {
        CompletableFuture<String> failing = Interruption.inBackground("task", () -> {
            throw new IOException("disk full");
        });

        assertThatThrownBy(() -> interruption.unlessRequested(failing))
                .isInstanceOf(IOException.class)
                .hasMessage("disk full");
    }

    @Test
    void leavesATaskThatDoesNotEnd() {
        CompletableFuture<String> endless = new CompletableFuture<>();
        Interruption.inBackground("signal", () -> {
            interruption.request(130);
            return true;
        });

        assertThatThrownBy(() -> interruption.unlessRequested(endless))
                .isInstanceOfSatisfying(
                        SignalledException.class, e -> assertThat(e.status()).isEqualTo(130));
        assertThat(interruption.isRequested()).isTrue();
        assertThat(interruption.statusOr(0)).isEqualTo(130);
    }

    @Test
    void waitsOnlyAsLongAsItIsTold() throws InterruptedException {
        assertThat(interruption.await(Duration.ofMillis(1))).isFalse();
        interruption.request(143);
        assertThat(interruption.await(Duration.ofDays(1))).isTrue();
    }
}
