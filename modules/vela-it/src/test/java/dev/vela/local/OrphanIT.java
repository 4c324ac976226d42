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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** No server, and no temporary folder, outlives the JVM that started it. */
@Tag("full")
class OrphanIT {

    @Test
    void goesWithItsKilledParent() throws Exception {
        goesWithItsParent(Parent.End.WAIT);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "WAIT")
    void goesWithItsParent(Parent.End end) throws Exception {
        Process parent = start(Parent.class, end.name());
        try (BufferedReader lines = parent.inputReader()) {
            String[] started = String.valueOf(lines.readLine()).split(" ", 2);
            URI admin = URI.create(started[0]);
            Path folder = Path.of(started[1]);

            if (end != Parent.End.EXIT) {
                assertThat(isListening(admin.getHost(), admin.getPort())).isTrue();
                parent.destroyForcibly();
            }
            parent.waitFor();

            await().atMost(Duration.ofMinutes(1)).until(() -> !isListening(admin.getHost(), admin.getPort()));
            await().atMost(Duration.ofMinutes(1)).until(() -> Files.notExists(folder));
        } finally {
            parent.destroyForcibly();
        }
    }

    @Test
    void noServerOfAClusterOutlivesItsKilledParent() throws Exception {
        Process parent = start(ClusterParent.class);
        try (BufferedReader lines = parent.inputReader()) {
            Path folder = Path.of(lines.readLine());
            List<Integer> ports = new ArrayList<>();
            for (String server : List.of("zookeeper", "bookie-0", "broker-0")) {
                String[] numbers = Files.readString(folder.resolve(server).resolve("ports"))
                        .split(" ", -1);
                ports.add(Integer.valueOf(numbers[0]));
            }
            assertThat(ports).allMatch(port -> isListening("127.0.0.1", port));

            parent.destroyForcibly();
            parent.waitFor();

            await().atMost(Duration.ofMinutes(1))
                    .until(() -> ports.stream().noneMatch(port -> isListening("127.0.0.1", port)));
            await().atMost(Duration.ofMinutes(1)).until(() -> Files.notExists(folder));
        } finally {
            parent.destroyForcibly();
        }
    }

    private static Process start(Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dmaven.repo.local=" + System.getProperty("maven.repo.local"),
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
    }

    /** A frozen process still listens; only a dead one does not. */
    private static boolean isListening(String host, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), 1_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
