package dev.vela.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.pulsar.client.api.PulsarClientException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine whose local repository lacks a jar of the server. */
@Tag("full")
class LocalPulsarFetchIT {

    private static final Path COMPLETE =
            Path.of(System.getProperty("maven.repo.local", System.getProperty("user.home") + "/.m2/repository"));

    private final @Nullable String configured = System.getProperty("maven.repo.local");

    @AfterEach
    void restoreProperties() {
        System.clearProperty("vela.local.maven.url");
        if (configured == null) {
            System.clearProperty("maven.repo.local");
        } else {
            System.setProperty("maven.repo.local", configured);
        }
    }

    @Test
    void fetchesWhatIsMissingAndStarts(@TempDir Path repository) throws IOException, PulsarClientException {
        List<ServerJars.Jar> jars = jars();
        for (ServerJars.Jar jar : jars) {
            Path link = repository.resolve(jar.path());
            Files.createDirectories(link.resolveSibling("."));
            Files.createSymbolicLink(link, COMPLETE.resolve(jar.path()));
        }
        Path missing = repository.resolve(jars.get(0).path());
        Files.delete(missing);
        List<String> requests = new CopyOnWriteArrayList<>();
        List<String> progress = new CopyOnWriteArrayList<>();
        HttpServer central = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        central.createContext("/maven2/", exchange -> {
            String path = exchange.getRequestURI().getPath().substring("/maven2/".length());
            requests.add(path);
            byte[] body = Files.readAllBytes(COMPLETE.resolve(path));
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        central.start();
        System.setProperty("maven.repo.local", repository.toString());
        System.setProperty(
                "vela.local.maven.url",
                "http://127.0.0.1:" + central.getAddress().getPort() + "/maven2");

        try (LocalPulsar pulsar = LocalPulsar.builder().progress(progress::add).start()) {
            Clients.send(pulsar, "fetched", "works");
            assertThat(missing).isRegularFile();
        } finally {
            central.stop(0);
            // JUnit would warn of each link that leads out of its folder.
            for (ServerJars.Jar jar : jars) {
                Files.deleteIfExists(repository.resolve(jar.path()));
            }
        }

        assertThat(requests).containsExactly(jars.get(0).path());
        assertThat(progress).hasSize(2).first().asString().startsWith("Fetching 1 of " + jars.size() + " jars");
    }

    private static List<ServerJars.Jar> jars() {
        try (ServerFolder folder = ServerFolder.open(null)) {
            return ServerJars.of(folder.unpackServer()).jars();
        }
    }
}
