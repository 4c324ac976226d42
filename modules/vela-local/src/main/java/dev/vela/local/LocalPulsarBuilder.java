package dev.vela.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Describes a {@link LocalPulsar}, and starts it. Not thread-safe. One builder may start several, unless it names a
 * folder.
 */
public final class LocalPulsarBuilder {

    /** What keeps servers on their own ports of 127.0.0.1, and their data in their folder. */
    static final Set<String> RESERVED = Set.of(
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

    private final ServerOptions options = new ServerOptions(RESERVED);

    LocalPulsarBuilder() {}

    /**
     * Keeps data and log in this folder, created if need be, and leaves it there. A later Pulsar in the same folder
     * finds the data, and listens on the same ports. Default: a temporary folder that is deleted in the end.
     */
    public LocalPulsarBuilder folder(Path path) {
        options.folder(path);
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
        options.config(key, value);
        return this;
    }

    /**
     * Adds an option of the server's JVM after the default ones, and so wins over them. By default it has 768 MB of heap
     * and 512 MB of direct memory, and compiles quickly rather than thoroughly, which halves the work of a start.
     * Benchmarks want {@code -XX:TieredStopAtLevel=4} and more memory; {@code -Dvela.local.log.level=info} says more in
     * the log than the default, {@code warn}.
     */
    public LocalPulsarBuilder jvmOption(String option) {
        options.jvmOption(option);
        return this;
    }

    /**
     * How long the server's process may take until it is ready, fetching jars not counted. Default 3 min: it takes 10 s,
     * and over a minute on a machine that does much else.
     */
    public LocalPulsarBuilder readyWithin(Duration timeout) {
        options.readyWithin(timeout);
        return this;
    }

    /** Receives a line before and after jars are fetched. Default: the system logger, level INFO. */
    public LocalPulsarBuilder progress(Consumer<String> listener) {
        options.progress(listener);
        return this;
    }

    /**
     * Starts the server and waits until clients can use it. The first time on a machine this fetches some 240 MB.
     *
     * @throws LocalPulsarException if it does not come up in time, with the tail of its log; nothing is left running
     */
    public LocalPulsar start() {
        ServerHost host = ServerHost.open(options);
        try {
            return LocalPulsar.start(host, options.config());
        } catch (RuntimeException e) {
            host.close();
            throw e;
        }
    }
}
