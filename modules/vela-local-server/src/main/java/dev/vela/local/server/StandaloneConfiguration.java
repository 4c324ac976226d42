package dev.vela.local.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The {@code standalone.conf} of a small server: our defaults, then the caller's entries, which win. */
final class StandaloneConfiguration {

    private static final String LOOPBACK = "127.0.0.1";
    private static final int DEFAULT_FRAME_BYTES = 5 * 1024 * 1024 + 10 * 1024;
    private static final int FRAME_OVERHEAD_BYTES = 10 * 1024;

    private final Map<String, String> entries = new LinkedHashMap<>();

    StandaloneConfiguration(int brokerPort, int webPort, Map<String, String> callers) throws IOException {
        network(brokerPort, webPort);
        broker();
        managedLedger();
        bookie(callers);
        entries.putAll(callers);
    }

    private void network(int brokerPort, int webPort) throws IOException {
        set("clusterName", "standalone");
        set("brokerServicePort", brokerPort);
        set("webServicePort", webPort);
        set("bindAddress", LOOPBACK);
        set("advertisedAddress", LOOPBACK);
        set("allowLoopback", true);
        // Without a named interface the bookie binds to every address.
        set(
                "listeningInterface",
                NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress())
                        .getName());
    }

    private void broker() {
        set("loadBalancerEnabled", false);
        set("allowAutoTopicCreation", true);
        set("brokerDeleteInactiveTopicsEnabled", false);
        set("forceDeleteTenantAllowed", true);
        set("forceDeleteNamespaceAllowed", true);
        set("systemTopicEnabled", true);
        set("topicLevelPoliciesEnabled", true);
        set("delayedDeliveryEnabled", true);
        set("brokerDeduplicationEnabled", false);
        // On, it makes the readers of a topic wait for up to 30 s now and then when the topic is loaded.
        set("transactionCoordinatorEnabled", false);
        set("brokerShutdownTimeoutMs", 5_000);
    }

    private void managedLedger() {
        set("managedLedgerDefaultEnsembleSize", 1);
        set("managedLedgerDefaultWriteQuorum", 1);
        set("managedLedgerDefaultAckQuorum", 1);
        set("managedLedgerCacheSizeMB", 64);
    }

    private void bookie(Map<String, String> callers) {
        set("allowEphemeralPorts", true);
        set("ledgerStorageClass", "org.apache.bookkeeper.bookie.storage.ldb.DbLedgerStorage");
        set("dbStorage_writeCacheMaxSizeMb", 64);
        set("dbStorage_readAheadCacheMaxSizeMb", 32);
        set("dbStorage_rocksDB_blockCacheSize", 16 * 1024 * 1024);
        // A killed process loses nothing of what the operating system's page cache holds.
        set("journalSyncData", false);
        set("journalMaxSizeMB", 128);
        set("journalPreAllocSizeMB", 4);
        set("journalMaxBackups", 0);
        set("diskUsageThreshold", 0.99);
        set("diskUsageWarnThreshold", 0.99);
        set("statsProviderClass", "org.apache.bookkeeper.stats.NullStatsProvider");
        String maxMessageSize = callers.get("maxMessageSize");
        if (maxMessageSize != null) {
            int frame = Math.addExact(Integer.parseInt(maxMessageSize), FRAME_OVERHEAD_BYTES);
            set("nettyMaxFrameSizeBytes", Math.max(DEFAULT_FRAME_BYTES, frame));
        }
    }

    private void set(String key, Object value) {
        entries.put(key, value.toString());
    }

    Path write(Path file) throws IOException {
        return Files.writeString(
                file,
                entries.entrySet().stream()
                        .map(entry -> entry.getKey() + '=' + entry.getValue().replace("\\", "\\\\") + '\n')
                        .collect(Collectors.joining()));
    }
}
