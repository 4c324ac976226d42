package dev.vela.local;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The plan of a cluster.
 *
 * @param advertisedPorts the advertised ports by the broker's index; empty if clients connect to brokers directly
 * @param config the caller's entries for brokers and bookies
 * @param brokerJvmOptions the JVM options for brokers only
 * @param bookieJvmOptions the JVM options for bookies only
 */
record ClusterPlan(
        int brokers,
        int bookies,
        Duration sessionTimeout,
        Map<Integer, Integer> advertisedPorts,
        Map<String, String> config,
        List<String> brokerJvmOptions,
        List<String> bookieJvmOptions) {

    private static final String NAME = "local";

    private static final String TOKEN = "token:";

    /** The number of bookies that store each message, if there are enough bookies. */
    private static final int COPIES = 2;

    /** Returns the token that brokers use among themselves, or null if they have none. */
    @Nullable
    String brokerToken() {
        String parameters = config.getOrDefault("brokerClientAuthenticationParameters", "");
        return parameters.startsWith(TOKEN) ? parameters.substring(TOKEN.length()) : null;
    }

    BrokerPorts brokerPorts(int broker, Ports ports) {
        return advertisedPorts.isEmpty()
                ? BrokerPorts.plain(ports)
                : BrokerPorts.behind(advertisedPorts.get(broker), ports);
    }

    Map<String, String> zooKeeperEntries(int port, List<BrokerPorts> brokerPorts) {
        return Map.of(
                "clientPort",
                Integer.toString(port),
                "clusterName",
                NAME,
                "serviceUrl",
                "pulsar://"
                        + addresses(
                                brokerPorts.stream().map(BrokerPorts::brokers).toList()),
                "adminUrl",
                "http://" + addresses(brokerPorts.stream().map(BrokerPorts::web).toList()));
    }

    private static String addresses(List<Integer> ports) {
        return ports.stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
    }

    Map<String, String> bookieEntries(int port, int zooKeeperPort) {
        Map<String, String> entries = new LinkedHashMap<>(config);
        entries.put("bookiePort", Integer.toString(port));
        entries.put("metadataServiceUri", "metadata-store:zk:127.0.0.1:" + zooKeeperPort);
        entries.put("zkTimeout", Long.toString(sessionTimeout.toMillis()));
        return entries;
    }

    Map<String, String> brokerEntries(BrokerPorts ports, int zooKeeperPort) {
        Map<String, String> entries = new LinkedHashMap<>();
        String copies = Integer.toString(Math.min(bookies, COPIES));
        entries.put("managedLedgerDefaultEnsembleSize", copies);
        entries.put("managedLedgerDefaultWriteQuorum", copies);
        entries.put("managedLedgerDefaultAckQuorum", copies);
        entries.putAll(config);
        entries.put("clusterName", NAME);
        entries.put("metadataStoreUrl", "zk:127.0.0.1:" + zooKeeperPort);
        entries.put("metadataStoreSessionTimeoutMillis", Long.toString(sessionTimeout.toMillis()));
        entries.putAll(ports.entries());
        return entries;
    }
}
