package dev.vela.local;

import java.io.File;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The options that all builders of local Pulsars share. Not thread-safe. */
final class ServerOptions {

    private static final System.Logger LOG = System.getLogger(LocalPulsar.class.getName());
    private static final String DEFAULT_REMOTE = "https://repo.maven.apache.org/maven2";

    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final Set<String> reserved;
    private final Map<String, String> config = new LinkedHashMap<>();
    private final List<String> jvmOptions = new ArrayList<>();
    private @Nullable Path folder;
    private Duration readyWithin = Duration.ofMinutes(3);
    private Consumer<String> progress = line -> LOG.log(System.Logger.Level.INFO, line);

    /**
     * Creates the default options.
     *
     * @param reserved the keys that callers must not set
     */
    ServerOptions(Set<String> reserved) {
        this.reserved = reserved;
    }

    void folder(Path path) {
        this.folder = Objects.requireNonNull(path, "path");
    }

    void config(String key, String value) {
        if (!key.matches("[A-Za-z][A-Za-z0-9_.-]*")) {
            throw new IllegalArgumentException("key must be letters, digits, '_', '.' or '-', was " + key);
        }
        if (reserved.contains(key)) {
            throw new IllegalArgumentException("key must not be one that the local Pulsar sets itself, was " + key);
        }
        if (value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0) {
            throw new IllegalArgumentException("value of " + key + " must be a single line, was " + value);
        }
        config.put(key, value);
    }

    void jvmOption(String option) {
        jvmOptions.add(requireJvmOption(option));
    }

    static String requireJvmOption(String option) {
        if (!option.startsWith("-")) {
            throw new IllegalArgumentException("option must begin with '-', was " + option);
        }
        return option;
    }

    void readyWithin(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("timeout must be in (0, 100 years], was " + DurationText.of(timeout));
        }
        this.readyWithin = timeout;
    }

    void progress(Consumer<String> listener) {
        this.progress = Objects.requireNonNull(listener, "listener");
    }

    Map<String, String> config() {
        return Collections.unmodifiableMap(config);
    }

    List<String> jvmOptions() {
        return List.copyOf(jvmOptions);
    }

    Duration readyWithin() {
        return readyWithin;
    }

    ServerFolder openFolder() {
        return ServerFolder.open(folder);
    }

    /** Returns the server's own jar, unpacked into this folder, and all jars that it needs; fetches missing jars. */
    List<Path> classPath(ServerFolder opened) {
        List<Path> classPath = new ArrayList<>();
        Path serverJar = opened.unpackServer();
        classPath.add(serverJar);
        classPath.addAll(ServerJars.of(serverJar).resolve(localRepository(), remoteRepository(), progress));
        return List.copyOf(classPath);
    }

    private static Path localRepository() {
        String configured = System.getProperty("maven.repo.local");
        return configured == null
                ? Path.of(System.getProperty("user.home"), ".m2", "repository")
                : new File(configured).toPath();
    }

    private static URI remoteRepository() {
        String configured = System.getProperty("vela.local.maven.url", System.getenv("VELA_LOCAL_MAVEN_URL"));
        return URI.create(configured == null ? DEFAULT_REMOTE : configured);
    }
}
