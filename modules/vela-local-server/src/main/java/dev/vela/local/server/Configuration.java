package dev.vela.local.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Collectors;

/** The configuration of a small server: the caller's entries, and defaults for entries that the caller does not set. */
final class Configuration {

    private static final String LOOPBACK = "127.0.0.1";
    private static final String DEFAULT_MAX_MESSAGE_BYTES = Integer.toString(5 * 1024 * 1024);
    private static final int FRAME_OVERHEAD_BYTES = 10 * 1024;
    private static final int DEFAULT_FRAME_BYTES = 5 * 1024 * 1024 + FRAME_OVERHEAD_BYTES;

    private static final FileAttribute<?>[] OWNER_ONLY =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                    ? new FileAttribute<?>[] {
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                    }
                    : new FileAttribute<?>[0];

    private final Map<String, String> entries = new LinkedHashMap<>();

    /**
     * Creates a configuration with the caller's entries.
     *
     * @param arguments entries of the form {@code key=value}
     */
    Configuration(List<String> arguments) {
        for (String entry : arguments) {
            int equals = entry.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("an entry must be key=value, was " + entry);
            }
            entries.put(entry.substring(0, equals), entry.substring(equals + 1));
        }
    }

    /** Adds the defaults for a broker. */
    Configuration broker() {
        setDefault("bindAddress", LOOPBACK);
        setDefault("advertisedAddress", LOOPBACK);
        setDefault("allowAutoTopicCreation", true);
        setDefault("brokerDeleteInactiveTopicsEnabled", false);
        setDefault("forceDeleteTenantAllowed", true);
        setDefault("forceDeleteNamespaceAllowed", true);
        setDefault("systemTopicEnabled", true);
        setDefault("topicLevelPoliciesEnabled", true);
        setDefault("delayedDeliveryEnabled", true);
        setDefault("brokerDeduplicationEnabled", false);
        // If on, the readers of a topic occasionally wait for up to 30 s when the topic is loaded.
        setDefault("transactionCoordinatorEnabled", false);
        setDefault("brokerShutdownTimeoutMs", 5_000);
        setDefault("managedLedgerCacheSizeMB", 64);
        return this;
    }

    /** Adds the defaults for a bookie. */
    Configuration bookie() throws IOException {
        // Without a named interface the bookie binds to every address.
        setDefault(
                "listeningInterface",
                NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress())
                        .getName());
        setDefault("advertisedAddress", LOOPBACK);
        setDefault("allowLoopback", true);
        setDefault("allowEphemeralPorts", true);
        setDefault("ledgerStorageClass", "org.apache.bookkeeper.bookie.storage.ldb.DbLedgerStorage");
        setDefault("dbStorage_writeCacheMaxSizeMb", 64);
        setDefault("dbStorage_readAheadCacheMaxSizeMb", 32);
        setDefault("dbStorage_rocksDB_blockCacheSize", 16 * 1024 * 1024);
        // A killed process loses no data that is in the operating system's page cache.
        setDefault("journalSyncData", false);
        setDefault("journalMaxSizeMB", 128);
        setDefault("journalPreAllocSizeMB", 4);
        setDefault("journalMaxBackups", 0);
        setDefault("diskUsageThreshold", 0.99);
        setDefault("diskUsageWarnThreshold", 0.99);
        setDefault("statsProviderClass", "org.apache.bookkeeper.stats.NullStatsProvider");
        // BookKeeper's own default is too small for the largest message that a broker accepts by default: an entry that
        // no bookie accepts is retried forever, and the topic accepts nothing more.
        int maxMessageSize = Integer.parseInt(entries.getOrDefault("maxMessageSize", DEFAULT_MAX_MESSAGE_BYTES));
        setDefault(
                "nettyMaxFrameSizeBytes",
                Math.max(DEFAULT_FRAME_BYTES, Math.addExact(maxMessageSize, FRAME_OVERHEAD_BYTES)));
        return this;
    }

    /** Sets an entry that the caller has not set. */
    void setDefault(String key, Object value) {
        entries.putIfAbsent(key, value.toString());
    }

    /** Returns the value of a required entry. */
    String get(String key) {
        return Objects.requireNonNull(entries.get(key), key + " must be set");
    }

    Map<String, String> entries() {
        return Collections.unmodifiableMap(entries);
    }

    Properties properties() {
        Properties properties = new Properties();
        properties.putAll(entries);
        return properties;
    }

    /** Writes the configuration to a new file that only its owner may read, because entries may hold secrets. */
    Path write(Path file) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, OWNER_ONLY);
        return Files.writeString(
                file,
                entries.entrySet().stream()
                        .map(entry -> entry.getKey() + '=' + entry.getValue().replace("\\", "\\\\") + '\n')
                        .collect(Collectors.joining()));
    }
}
