package dev.vela.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JarDownloadTest {

    @TempDir
    private Path repository;

    private final Map<String, String> bodies = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath().substring(1);
            requests.add(path);
            String body = bodies.get(path);
            byte[] bytes = String.valueOf(body).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(body == null ? 404 : 200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stopServing() {
        server.stop(0);
    }

    @Test
    void fetchesOnlyWhatIsMissing() throws IOException {
        ServerJars.Jar present = offer("g/present/1/present-1.jar", "here");
        ServerJars.Jar missing = offer("g/missing/1/missing-1.jar", "from afar");
        Files.createDirectories(repository.resolve("g/present/1"));
        Files.writeString(repository.resolve(present.path()), "here");
        List<String> progress = new ArrayList<>();

        List<Path> paths = new ServerJars(List.of(present, missing)).resolve(repository, remote(), progress::add);

        assertThat(paths).containsExactly(repository.resolve(present.path()), repository.resolve(missing.path()));
        assertThat(paths.get(1)).hasContent("from afar");
        assertThat(requests).containsExactly(missing.path());
        assertThat(progress)
                .containsExactly(
                        "Fetching 1 of 2 jars of Pulsar from " + remote() + " into " + repository, "Fetched 1 jars");
    }

    @Test
    void asksNobodyWhenNothingIsMissing() throws IOException {
        ServerJars.Jar present = offer("present.jar", "here");
        Files.writeString(repository.resolve("present.jar"), "here");
        List<String> progress = new ArrayList<>();

        new ServerJars(List.of(present)).resolve(repository, remote(), progress::add);

        assertThat(requests).isEmpty();
        assertThat(progress).isEmpty();
    }

    @Test
    void fetchesManyAtATime() {
        List<ServerJars.Jar> jars = IntStream.range(0, 50)
                .mapToObj(i -> offer("g/a/" + i + "/a.jar", "body " + i))
                .toList();

        new JarDownload(repository, remote()).fetch(jars);

        assertThat(jars)
                .allSatisfy(jar -> assertThat(repository.resolve(jar.path())).exists());
    }

    @Test
    void refusesAJarOfAnotherHash() throws IOException {
        ServerJars.Jar jar = offer("g/a/1/a.jar", "genuine");
        bodies.put(jar.path(), "forged");

        assertThatThrownBy(() -> new JarDownload(repository, remote()).fetch(List.of(jar)))
                .isInstanceOf(LocalPulsarException.class)
                .hasMessageContaining(jar.path() + ": its SHA-256 must be " + jar.sha256());

        try (Stream<Path> files = Files.list(repository.resolve("g/a/1"))) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void saysWhatCannotBeHad() {
        assertThatThrownBy(() ->
                        new JarDownload(repository, remote()).fetch(List.of(new ServerJars.Jar("00", "no/such.jar"))))
                .isInstanceOf(LocalPulsarException.class)
                .hasMessage("cannot fetch " + remote() + "no/such.jar: status 404");
        assertThat(requests).hasSize(3);
    }

    private URI remote() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    private ServerJars.Jar offer(String path, String body) {
        bodies.put(path, body);
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(body.getBytes(StandardCharsets.UTF_8));
            return new ServerJars.Jar(HexFormat.of().formatHex(digest), path);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
