package dev.vela.bench;

import dev.vela.local.LocalAdmin;
import dev.vela.local.LocalPulsar;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The Pulsar that is measured on. */
final class Cluster implements AutoCloseable {

    private final String serviceUrl;
    private final String adminUrl;
    private final @Nullable LocalPulsar local;

    private Cluster(String serviceUrl, String adminUrl, @Nullable LocalPulsar local) {
        this.serviceUrl = serviceUrl;
        this.adminUrl = adminUrl;
        this.local = local;
    }

    /** One that is there. */
    static Cluster at(String serviceUrl, String adminUrl) {
        return new Cluster(serviceUrl, adminUrl, null);
    }

    /*
     * One for the purpose, with a server's compiler and memory. Nobody reads what is written, so the broker may drop it:
     * it starts a new ledger for each half gigabyte, and the bookie looks often for what it need not keep. Without that, a
     * run would fill the disk. Nor is it to drop what a non-persistent topic cannot take at once: such a message gets a
     * receipt all the same.
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
