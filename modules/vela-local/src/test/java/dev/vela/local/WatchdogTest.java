package dev.vela.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisabledOnOs(OS.WINDOWS)
class WatchdogTest {

    private Process sleeper;

    @BeforeEach
    void startSleeper() throws IOException {
        sleeper = new ProcessBuilder("sleep", "60").start();
    }

    @AfterEach
    void killSleeper() {
        sleeper.destroyForcibly();
    }

    @Test
    void killsTheWatchedProcessAndDeletesTheFolderInTheEnd(@TempDir Path parent) throws IOException {
        Path folder = Files.createDirectories(parent.resolve("with 'a' space/sub"));
        Files.writeString(folder.resolve("file"), "data");
        Watchdog watchdog = new Watchdog(folder);
        watchdog.watch(sleeper.pid());
        assertThat(sleeper.isAlive()).isTrue();

        watchdog.close();

        await().atMost(Duration.ofMinutes(1)).until(() -> !sleeper.isAlive());
        await().atMost(Duration.ofMinutes(1)).until(() -> Files.notExists(folder));
        assertThat(folder.getParent()).isDirectory();
    }

    @Test
    void sparesAProcessThatWasReleased(@TempDir Path parent) throws IOException {
        Path folder = Files.createDirectories(parent.resolve("folder"));
        Watchdog watchdog = new Watchdog(folder);
        watchdog.watch(sleeper.pid());
        watchdog.release(sleeper.pid());

        watchdog.close();

        await().atMost(Duration.ofMinutes(1)).until(() -> Files.notExists(folder));
        assertThat(sleeper.isAlive()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void keepsWatchingTheOthersWhenOneIsReleased(int released) {
        // No process has such ids; and no id may be taken for a part of another.
        long[] gone = {1_000_000_000, 1_000_000_001, 100_000_000};
        Watchdog watchdog = new Watchdog(null);
        watchdog.watch(gone[0]);
        watchdog.watch(sleeper.pid());
        watchdog.watch(gone[1]);
        watchdog.watch(gone[2]);
        watchdog.release(gone[released]);
        watchdog.release(gone[released]);

        watchdog.close();

        await().atMost(Duration.ofMinutes(1)).until(() -> !sleeper.isAlive());
    }

    @Test
    void killsAllThatItWatches() throws IOException {
        Process other = new ProcessBuilder("sleep", "60").start();
        try {
            Watchdog watchdog = new Watchdog(null);
            watchdog.watch(sleeper.pid());
            watchdog.watch(other.pid());

            watchdog.close();

            await().atMost(Duration.ofMinutes(1)).until(() -> !sleeper.isAlive() && !other.isAlive());
        } finally {
            other.destroyForcibly();
        }
    }
}
