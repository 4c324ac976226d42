package dev.vela.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** No server, and no temporary folder, outlives the JVM that started it. */
class OrphanIT {

    @ParameterizedTest
    @EnumSource(Parent.End.class)
    void goesWithItsParent(Parent.End end) throws Exception {
        Process parent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dmaven.repo.local=" + System.getProperty("maven.repo.local"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Parent.class.getName(),
                        end.name())
                .redirectError(Redirect.INHERIT)
                .start();
        try (BufferedReader lines = parent.inputReader()) {
            String[] started = String.valueOf(lines.readLine()).split(" ", 2);
            URI admin = URI.create(started[0]);
            Path folder = Path.of(started[1]);

            if (end != Parent.End.EXIT) {
                assertThat(isListening(admin)).isTrue();
                parent.destroyForcibly();
            }
            parent.waitFor();

            await().atMost(Duration.ofMinutes(1)).until(() -> !isListening(admin));
            await().atMost(Duration.ofMinutes(1)).until(() -> Files.notExists(folder));
        } finally {
            parent.destroyForcibly();
        }
    }

    /** A frozen process still listens; only a dead one does not. */
    private static boolean isListening(URI uri) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()), 1_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
