package dev.vela.local;

import java.io.File;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Describes a {@link LocalPulsar}, and starts it. Not thread-safe. One builder may start several, unless it names a
 * folder.
 */
public final class LocalPulsarBuilder {

    private static final System.Logger LOG = System.getLogger(LocalPulsar.class.getName());
    private static final String DEFAULT_REMOTE = "https://repo.maven.apache.org/maven2";
    private static final Set<String> RESERVED = Set.of(
            "brokerServicePort",
            "webServicePort",
            "bookiePort",
            "bindAddress",
            "bindAddresses",
            "advertisedAddress",
            "listeningInterface",
            "allowLoopback",
            "allowEphemeralPorts",
            "metadataStoreUrl",
            "configurationMetadataStoreUrl",
            "journalDirectory",
            "journalDirectories",
            "ledgerDirectories");

    private final Map<String, String> config = new LinkedHashMap<>();
    private final List<String> jvmOptions = new ArrayList<>();
    private @Nullable Path folder;
    private Duration readyWithin = Duration.ofSeconds(60);
    private Consumer<String> progress = line -> LOG.log(System.Logger.Level.INFO, line);

    LocalPulsarBuilder() {}

    /**
     * Keeps data and log in this folder, created if need be, and leaves it there. A later Pulsar in the same folder
     * finds the data, and listens on the same ports. Default: a temporary folder that is deleted in the end.
     */
    public LocalPulsarBuilder folder(Path path) {
        this.folder = Objects.requireNonNull(path, "path");
        return this;
    }

    /**
     * Sets an entry of Pulsar's {@code standalone.conf}, of the broker or the bookie, such as {@code maxMessageSize} or
     * {@code brokerDeduplicationEnabled}. Pulsar ignores a key that it does not know. Who turns authentication on must
     * also set {@code brokerClientAuthenticationPlugin} and {@code brokerClientAuthenticationParameters} to those of a
     * superuser, for the broker talks to itself.
     *
     * @throws IllegalArgumentException for a malformed entry, or one of those that keep the server on its own ports of
     *     127.0.0.1 and its data in its folder
     */
    public LocalPulsarBuilder config(String key, String value) {
        if (!key.matches("[A-Za-z][A-Za-z0-9_.-]*")) {
            throw new IllegalArgumentException("key must be letters, digits, '_', '.' or '-', was " + key);
        }
        if (RESERVED.contains(key)) {
            throw new IllegalArgumentException("key must not be one that the local Pulsar sets itself, was " + key);
        }
        if (value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0) {
            throw new IllegalArgumentException("value of " + key + " must be a single line, was " + value);
        }
        config.put(key, value);
        return this;
    }

    /**
     * Adds an option of the server's JVM after the default ones, and so wins over them. By default it has 768 MB of heap
     * and 512 MB of direct memory, and compiles quickly rather than thoroughly, which halves the work of a start.
     * Benchmarks want {@code -XX:TieredStopAtLevel=4} and more memory; {@code -Dvela.local.log.level=info} says more in
     * the log than the default, {@code warn}.
     */
    public LocalPulsarBuilder jvmOption(String option) {
        if (!option.startsWith("-")) {
            throw new IllegalArgumentException("option must begin with '-', was " + option);
        }
        jvmOptions.add(option);
        return this;
    }

    /** How long the server's process may take until it is ready, fetching jars not counted. Default 60 s. */
    public LocalPulsarBuilder readyWithin(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout must be > 0, was " + timeout);
        }
        this.readyWithin = timeout;
        return this;
    }

    /** Receives a line before and after jars are fetched. Default: the system logger, level INFO. */
    public LocalPulsarBuilder progress(Consumer<String> listener) {
        this.progress = Objects.requireNonNull(listener, "listener");
        return this;
    }

    /**
     * Starts the server and waits until clients can use it. The first time on a machine this fetches some 240 MB.
     *
     * @throws LocalPulsarException if it does not come up in time, with the tail of its log; nothing is left running
     */
    public LocalPulsar start() {
        ServerFolder opened = ServerFolder.open(folder);
        try {
            List<Path> classPath = new ArrayList<>();
            Path serverJar = opened.unpackServer();
            classPath.add(serverJar);
            classPath.addAll(ServerJars.of(serverJar).resolve(localRepository(), remoteRepository(), progress));
            ServerCommand command = new ServerCommand(classPath, List.copyOf(jvmOptions), Map.copyOf(config));
            return LocalPulsar.start(opened, command, readyWithin);
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
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
