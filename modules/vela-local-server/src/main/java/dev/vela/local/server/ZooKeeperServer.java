package dev.vela.local.server;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.PulsarClusterMetadataSetup;
import org.apache.zookeeper.server.ServerConfig;
import org.apache.zookeeper.server.ZooKeeperServerMain;
import org.apache.zookeeper.server.quorum.QuorumPeerConfig;

/**
 * A main class that runs the ZooKeeper of a cluster in this JVM, listening on 127.0.0.1 only. It is ready once it holds
 * the metadata that brokers and bookies expect. See {@link ServerMain}.
 *
 * <p>Arguments: {@code key=value} entries of ZooKeeper's {@code zoo.cfg}, among them {@code clientPort}, and
 * {@code serviceUrl} and {@code adminUrl} of the cluster. The data is kept in the working directory.
 */
public final class ZooKeeperServer {

    private ZooKeeperServer() {}

    /**
     * Runs the server until its standard input ends.
     *
     * @param args see the class
     */
    public static void main(String[] args) {
        ServerMain.run(ZooKeeperServer::start, args);
    }

    private static ServerMain.Server start(List<String> args) throws Exception {
        // A killed process loses no data that is in the operating system's page cache.
        System.setProperty("zookeeper.forceSync", "no");
        System.setProperty("zookeeper.admin.enableServer", "false");
        Configuration configuration = new Configuration(args);
        configuration.setDefault("dataDir", "./data");
        // The resolution of session timeouts, and their maximum.
        configuration.setDefault("tickTime", 500);
        configuration.setDefault("maxSessionTimeout", 3_600_000);
        configuration.setDefault("clientPortAddress", "127.0.0.1");
        QuorumPeerConfig parsed = new QuorumPeerConfig();
        parsed.parseProperties(configuration.properties());
        ServerConfig entries = new ServerConfig();
        entries.readFrom(parsed);

        Running server = new Running();
        Thread thread = new Thread(() -> server.run(entries), "zookeeper");
        thread.start();
        server.started.get();
        setUpCluster(configuration);
        return server::close;
    }

    /** Does the work of {@code pulsar initialize-cluster-metadata}, once. */
    private static void setUpCluster(Configuration configuration) throws Exception {
        Path done = Path.of("cluster-is-set-up");
        if (Files.exists(done)) {
            return;
        }
        String url = "zk:127.0.0.1:" + configuration.get("clientPort");
        PulsarClusterMetadataSetup.main(new String[] {
            "--cluster",
            configuration.get("clusterName"),
            "--metadata-store",
            url,
            "--configuration-metadata-store",
            url,
            "--web-service-url",
            configuration.get("adminUrl"),
            "--broker-service-url",
            configuration.get("serviceUrl"),
            "--initial-num-stream-storage-containers",
            "0"
        });
        Files.createFile(done);
    }

    private static final class Running extends ZooKeeperServerMain {

        private final CompletableFuture<Void> started = new CompletableFuture<>();

        /** Returns when the server has ended. */
        void run(ServerConfig entries) {
            try {
                runFromConfig(entries);
                ServerMain.serverEnded();
            } catch (Exception e) {
                started.completeExceptionally(e);
            }
        }

        @Override
        protected void serverStarted() {
            started.complete(null);
        }
    }
}
