package dev.vela.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Configures and starts a {@link LocalCluster}. Not thread-safe. One builder may start several clusters, unless it
 * names a folder.
 */
public final class LocalClusterBuilder {

    private static final Duration MIN_SESSION_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration MAX_SESSION_TIMEOUT = Duration.ofHours(1);
    private static final int MAX_PORT = 65_535;

    private final ServerOptions options = new ServerOptions(reserved());
    private final List<String> brokerJvmOptions = new ArrayList<>();
    private final List<String> bookieJvmOptions = new ArrayList<>();
    private final Map<Integer, Integer> advertisedPorts = new TreeMap<>();
    private int brokers = 2;
    private int bookies = 1;
    private Duration sessionTimeout = Duration.ofSeconds(6);

    LocalClusterBuilder() {}

    private static Set<String> reserved() {
        Set<String> keys = new HashSet<>(LocalPulsarBuilder.RESERVED);
        keys.addAll(Set.of(
                "clusterName",
                "advertisedListeners",
                "internalListenerName",
                "zookeeperServers",
                "configurationStoreServers",
                "bookkeeperMetadataServiceUri",
                "metadataServiceUri",
                "zkServers",
                "zkTimeout",
                "zooKeeperSessionTimeoutMillis",
                "metadataStoreSessionTimeoutMillis"));
        return Set.copyOf(keys);
    }

    /** Sets the number of brokers. Default 2. */
    public LocalClusterBuilder brokers(int count) {
        this.brokers = requirePositive("brokers", count);
        return this;
    }

    /** Sets the number of bookies. Default 1. */
    public LocalClusterBuilder bookies(int count) {
        this.bookies = requirePositive("bookies", count);
        return this;
    }

    private static int requirePositive(String what, int count) {
        if (count < 1) {
            throw new IllegalArgumentException(what + " must be >= 1, was " + count);
        }
        return count;
    }

    /**
     * Sets the time after which ZooKeeper considers a silent broker or bookie dead. Only then can another broker take
     * the topics of a broker that was killed or is frozen. For clients it takes some seconds more, because they retry
     * at their own intervals. Default 6 s. On a busy machine, a short timeout ends the sessions of servers that are
     * merely slow.
     *
     * @param timeout 2 s to 1 h
     */
    public LocalClusterBuilder sessionTimeout(Duration timeout) {
        if (timeout.compareTo(MIN_SESSION_TIMEOUT) < 0 || timeout.compareTo(MAX_SESSION_TIMEOUT) > 0) {
            throw new IllegalArgumentException("timeout must be in [2 s, 1 h], was " + DurationText.of(timeout));
        }
        this.sessionTimeout = timeout;
        return this;
    }

    /**
     * Makes a broker advertise another port of 127.0.0.1 to clients than the port that it listens on, lookups included.
     * So a proxy can delay, cut or throttle connections: it listens on the advertised port, and forwards to
     * {@link LocalBroker#port}. Brokers among themselves, and {@link LocalAdmin}, connect directly. Default: none.
     *
     * @param broker the index of the broker
     * @param port the port that clients connect to
     */
    public LocalClusterBuilder advertisedPort(int broker, int port) {
        if (broker < 0) {
            throw new IllegalArgumentException("broker must be >= 0, was " + broker);
        }
        if (port < 1 || port > MAX_PORT) {
            throw new IllegalArgumentException("port must be 1 to " + MAX_PORT + ", was " + port);
        }
        advertisedPorts.put(broker, port);
        return this;
    }

    /**
     * Keeps data and logs in this folder, which is created if necessary and not deleted. A later cluster in the same
     * folder finds the data, and listens on the same ports. Default: a temporary folder that is deleted in the end.
     */
    public LocalClusterBuilder folder(Path path) {
        options.folder(path);
        return this;
    }

    /**
     * Sets an entry of {@code broker.conf} and {@code bookkeeper.conf}, for all brokers and bookies, such as
     * {@code maxMessageSize} or {@code managedLedgerDefaultAckQuorum}. Pulsar ignores a key that it does not know. A
     * caller that turns authentication on must also set {@code brokerClientAuthenticationPlugin} and
     * {@code brokerClientAuthenticationParameters} to those of a superuser, because brokers talk to each other.
     *
     * @throws IllegalArgumentException for a malformed entry, or a reserved one that keeps servers on their own ports
     *     of 127.0.0.1, their data in their folders, and the cluster together
     */
    public LocalClusterBuilder config(String key, String value) {
        options.config(key, value);
        return this;
    }

    /**
     * Adds an option for every server's JVM, after the default options, so it overrides them. By default brokers have
     * 384 MB of heap and 512 MB of direct memory, bookies 256 MB of each, ZooKeeper 128 MB of heap, and all compile
     * quickly rather than thoroughly. {@code -Dvela.local.log.level=info} logs more than the default, {@code warn}.
     */
    public LocalClusterBuilder jvmOption(String option) {
        options.jvmOption(option);
        return this;
    }

    /** Adds an option for every broker's JVM, after the options for all servers. */
    public LocalClusterBuilder brokerJvmOption(String option) {
        brokerJvmOptions.add(ServerOptions.requireJvmOption(option));
        return this;
    }

    /** Adds an option for every bookie's JVM, after the options for all servers. */
    public LocalClusterBuilder bookieJvmOption(String option) {
        bookieJvmOptions.add(ServerOptions.requireJvmOption(option));
        return this;
    }

    /**
     * Sets the time within which each server must be ready, not counting the download of jars. Default 3 min: a start
     * takes 10 s, and over a minute on a busy machine.
     */
    public LocalClusterBuilder readyWithin(Duration timeout) {
        options.readyWithin(timeout);
        return this;
    }

    /**
     * Sets a listener that receives a line before and after jars are fetched. Default: the system logger, level INFO.
     */
    public LocalClusterBuilder progress(Consumer<String> listener) {
        options.progress(listener);
        return this;
    }

    /**
     * Starts all servers and waits until clients can use the cluster. The first start on a machine fetches some 240 MB.
     *
     * @throws IllegalStateException if an advertised port is set for a broker that does not exist
     * @throws LocalPulsarException if a server does not come up in time, with the tail of its log; nothing is left
     *     running
     */
    public LocalCluster start() {
        for (int broker : advertisedPorts.keySet()) {
            if (broker >= brokers) {
                throw new IllegalStateException("advertisedPort is set for broker " + broker + " of " + brokers);
            }
        }
        ServerHost host = ServerHost.open(options);
        try {
            return LocalCluster.start(host, plan());
        } catch (RuntimeException e) {
            host.close();
            throw e;
        }
    }

    private ClusterPlan plan() {
        return new ClusterPlan(
                brokers,
                bookies,
                sessionTimeout,
                Map.copyOf(advertisedPorts),
                Map.copyOf(options.config()),
                List.copyOf(brokerJvmOptions),
                List.copyOf(bookieJvmOptions));
    }
}
