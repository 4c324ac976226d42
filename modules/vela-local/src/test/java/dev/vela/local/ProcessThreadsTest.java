package dev.vela.local;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class ProcessThreadsTest {

    @Test
    void tellsAStoppedProcessFromOneThatRuns() throws IOException, InterruptedException {
        Process sleeper = new ProcessBuilder("sleep", "600").start();
        try {
            ProcessThreads threads = new ProcessThreads(sleeper.pid());
            assertThatThrownBy(() -> threads.awaitStopped(Duration.ofMillis(20)))
                    .isInstanceOf(LocalPulsarException.class)
                    .hasMessageContaining("did not stop within");

            new ProcessBuilder("sh", "-c", "kill -STOP " + sleeper.pid())
                    .start()
                    .waitFor();

            assertThatCode(() -> threads.awaitStopped(Duration.ofMinutes(1))).doesNotThrowAnyException();
        } finally {
            sleeper.destroyForcibly().waitFor();
        }
        assertThatCode(() -> new ProcessThreads(sleeper.pid()).awaitStopped(Duration.ZERO))
                .doesNotThrowAnyException();
    }
}
