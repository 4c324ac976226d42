package dev.vela.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Configures and starts a {@link LocalPulsar}. Not thread-safe. One builder may start several servers, unless it names
 * a folder.
 */
public final class LocalPulsarBuilder {

    /** The entries that keep servers on their own ports of 127.0.0.1, and their data in their folder. */
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
     * Keeps data and log in this folder, which is created if necessary and not deleted. A later Pulsar in the same
     * folder finds the data, and listens on the same ports. Default: a temporary folder that is deleted in the end.
     */
    public LocalPulsarBuilder folder(Path path) {
        options.folder(path);
        return this;
    }

    /**
     * Sets an entry of Pulsar's {@code standalone.conf}, of the broker or the bookie, such as {@code maxMessageSize} or
     * {@code brokerDeduplicationEnabled}. Pulsar ignores a key that it does not know. A caller that turns
     * authentication on must also set {@code brokerClientAuthenticationPlugin} and
     * {@code brokerClientAuthenticationParameters} to those of a superuser, because the broker talks to itself.
     *
     * @throws IllegalArgumentException for a malformed entry, or a reserved one that keeps the server on its own ports
     *     of 127.0.0.1 or its data in its folder
     */
    public LocalPulsarBuilder config(String key, String value) {
        options.config(key, value);
        return this;
    }

    /**
     * Adds an option for the server's JVM, after the default options, so it overrides them. By default the JVM has 768
     * MB of heap and 512 MB of direct memory, and compiles quickly rather than thoroughly, which halves the work of a
     * start. Benchmarks need {@code -XX:TieredStopAtLevel=4} and more memory; {@code -Dvela.local.log.level=info} logs
     * more than the default, {@code warn}.
     */
    public LocalPulsarBuilder jvmOption(String option) {
        options.jvmOption(option);
        return this;
    }

    /**
     * Sets the time within which the server's process must be ready, not counting the download of jars. Default 3 min:
     * a start takes 10 s, and over a minute on a busy machine.
     */
    public LocalPulsarBuilder readyWithin(Duration timeout) {
        options.readyWithin(timeout);
        return this;
    }

    /**
     * Sets a listener that receives a line before and after jars are fetched. Default: the system logger, level INFO.
     */
    public LocalPulsarBuilder progress(Consumer<String> listener) {
        options.progress(listener);
        return this;
    }

    /**
     * Starts the server and waits until clients can use it. The first start on a machine fetches some 240 MB.
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
