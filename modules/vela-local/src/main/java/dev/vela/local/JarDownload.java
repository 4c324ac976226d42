package dev.vela.local;

import java.io.IOException;
import java.io.InputStream;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Fetches jars from a remote Maven repository into a local one. */
final class JarDownload {

    private static final int PARALLEL = 6;
    private static final int MAX_TRIES = 3;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(15);
    private static final Duration REQUEST_TIMEOUT = Duration.ofMinutes(2);

    private final Path repository;
    private final String remote;
    private final HttpClient http;

    JarDownload(Path repository, URI remote) {
        this.repository = repository;
        this.remote = remote.toString().endsWith("/") ? remote.toString() : remote + "/";
        this.http = HttpClient.newBuilder()
                .connectTimeout(CONNECT_TIMEOUT)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .proxy(ProxySelector.getDefault())
                .build();
    }

    /** Fetches all jars, several at a time, and returns when all are in place. */
    void fetch(List<ServerJars.Jar> jars) {
        ExecutorService threads = Executors.newFixedThreadPool(PARALLEL, JarDownload::daemon);
        try {
            List<Future<?>> fetches = new ArrayList<>();
            for (ServerJars.Jar jar : jars) {
                fetches.add(threads.submit(() -> fetch(jar)));
            }
            for (Future<?> fetch : fetches) {
                fetch.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof LocalPulsarException failure
                    ? new LocalPulsarException(String.valueOf(failure.getMessage()), failure)
                    : new LocalPulsarException("cannot fetch the jars of Pulsar", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalPulsarException("interrupted while fetching the jars of Pulsar", e);
        } finally {
            threads.shutdownNow();
        }
    }

    private void fetch(ServerJars.Jar jar) {
        URI uri = URI.create(remote + jar.path());
        for (int tries = 1; ; tries++) {
            try {
                fetchOnce(uri, jar);
                return;
            } catch (IOException e) {
                if (tries == MAX_TRIES) {
                    throw new LocalPulsarException("cannot fetch " + uri + ": " + e.getMessage(), e);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new LocalPulsarException("interrupted while fetching " + uri, e);
            }
        }
    }

    private void fetchOnce(URI uri, ServerJars.Jar jar) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(uri).timeout(REQUEST_TIMEOUT).build();
        HttpResponse<InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        Path target = repository.resolve(jar.path());
        Path folder = Files.createDirectories(target.resolveSibling("."));
        Path part = Files.createTempFile(folder, "vela-local-", ".part");
        try (InputStream in = response.body()) {
            if (response.statusCode() != 200) {
                throw new IOException("status " + response.statusCode());
            }
            String sha256 = copy(in, part);
            if (!sha256.equals(jar.sha256())) {
                throw new IOException("its SHA-256 must be " + jar.sha256() + ", was " + sha256);
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static String copy(InputStream in, Path file) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            Files.copy(new DigestInputStream(in, digest), file, StandardCopyOption.REPLACE_EXISTING);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "vela-local-fetch");
        thread.setDaemon(true);
        return thread;
    }
}
