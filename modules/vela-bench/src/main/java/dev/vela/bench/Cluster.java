package dev.vela.bench;

import dev.vela.local.LocalAdmin;
import dev.vela.local.LocalPulsar;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The Pulsar that the benchmark uses. */
final class Cluster implements AutoCloseable {

    private final String serviceUrl;
    private final String adminUrl;
    private final @Nullable LocalPulsar local;

    private Cluster(String serviceUrl, String adminUrl, @Nullable LocalPulsar local) {
        this.serviceUrl = serviceUrl;
        this.adminUrl = adminUrl;
        this.local = local;
    }

    /** Returns an existing cluster. */
    static Cluster at(String serviceUrl, String adminUrl) {
        return new Cluster(serviceUrl, adminUrl, null);
    }

    /*
     * Starts a local cluster for the benchmark, with a server's compiler and memory. The messages have no reader, so
     * the broker may drop them: it starts a new ledger for each half gigabyte, and the bookie frequently looks for
     * garbage. Without these settings, a run would fill the disk. The broker must not drop messages that a
     * non-persistent topic cannot accept at once, because a dropped message gets a receipt nevertheless.
     */
    static Cluster local(Consumer<String> progress) {
        LocalPulsar pulsar = LocalPulsar.builder()
                .jvmOption("-XX:TieredStopAtLevel=4")
                .jvmOption("-Xms2g")
                .jvmOption("-Xmx2g")
                .jvmOption("-XX:+AlwaysPreTouch")
                .jvmOption("-XX:MaxDirectMemorySize=2g")
                .config("backlogQuotaDefaultLimitGB", "-1")
                .config("maxConcurrentNonPersistentMessagePerConnection", "1000000")
                .config("managedLedgerMaxSizePerLedgerMbytes", "512")
                .config("managedLedgerMaxEntriesPerLedger", "100000000")
                .config("managedLedgerMinLedgerRolloverTimeMinutes", "0")
                .config("dbStorage_writeCacheMaxSizeMb", "512")
                .config("logSizeLimit", Long.toString(256L << 20))
                .config("gcWaitTime", "2000")
                .progress(progress)
                .start();
        return new Cluster(pulsar.serviceUrl(), pulsar.adminUrl(), pulsar);
    }

    String serviceUrl() {
        return serviceUrl;
    }

    String adminUrl() {
        return adminUrl;
    }

    LocalAdmin admin() {
        return LocalAdmin.of(adminUrl);
    }

    @Override
    public void close() {
        if (local != null) {
            local.close();
        }
    }
}
