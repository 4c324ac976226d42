package dev.vela.local;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real Pulsar cluster on this machine: ZooKeeper, bookies and brokers in separate processes, to kill, freeze and
 * restart one by one. All servers listen on 127.0.0.1 only, each on its own ports. The namespace {@code public/default}
 * exists, and topics are created on first use. If one server is enough, {@link LocalPulsar} takes less time and memory.
 *
 * <pre>{@code
 * try (LocalCluster cluster = LocalCluster.builder().brokers(2).bookies(1).start()) {
 *     PulsarClient client = PulsarClient.builder().serviceUrl(cluster.serviceUrl()).build();
 *     cluster.ownerOf("orders").kill();              // the other broker takes over
 *     cluster.bookie(0).freeze();
 * }
 * }</pre>
 *
 * <p>When a server fails:
 * <ul>
 *   <li>A broker that was killed, or is frozen, owns its topics until its ZooKeeper session ends
 *       ({@link LocalClusterBuilder#sessionTimeout}, 6 s by default). After that another broker takes each topic on
 *       request. A broker that is stopped hands its topics over at once.
 *   <li>A broker that is thawed, or reaches ZooKeeper again, after its session has ended gets a new session and stays:
 *       it disconnects the clients of topics that other brokers took meanwhile, and again owns the topics that no
 *       broker took. With {@code config("zookeeperSessionExpiredPolicy", "shutdown")} it ends itself, until
 *       {@link LocalServer#restart}.
 *   <li>A restarted broker owns no topics; it gets topics as they are loaded. Topics do not move by themselves: load
 *       shedding and automatic splits of bundles are off unless {@link LocalClusterBuilder#config} turns them on.
 *   <li>Each message is stored on two bookies if the cluster has at least two, else on the only one. While fewer
 *       bookies are left, publishing waits.
 *   <li>Without ZooKeeper, brokers continue to serve the topics that they have loaded, but look up and load no others.
 *       When ZooKeeper returns after the sessions have ended, brokers and bookies get new sessions and stay.
 * </ul>
 *
 * <p>The jars have the same source as for {@link LocalPulsar}. No server and no temporary folder outlives this JVM,
 * however the JVM ends. Acknowledged messages survive kills, though not a crash of the machine. Thread-safe.
 */
public final class LocalCluster implements AutoCloseable {

    private final ServerHost host;
    private final LocalServer zooKeeper;
    private final List<LocalServer> bookies;
    private final List<LocalBroker> brokers;
    private final LocalAdmin admin;
    private final LocalAdmin superuser;

    @GuardedBy("this")
    private boolean closed;

    LocalCluster(
            ServerHost host,
            @Nullable String brokerToken,
            LocalServer zooKeeper,
            List<LocalServer> bookies,
            List<LocalBroker> brokers) {
        this.host = host;
        this.zooKeeper = zooKeeper;
        this.bookies = bookies;
        this.brokers = brokers;
        this.admin = LocalAdmin.ofAny(() -> brokers.stream()
                .filter(broker -> broker.isRunning() && !broker.isFrozen())
                .map(LocalBroker::adminUrl)
                .toList());
        this.superuser = brokerToken == null ? admin : admin.withToken(brokerToken);
    }

    /** Returns a builder for a cluster. */
    public static LocalClusterBuilder builder() {
        return new LocalClusterBuilder();
    }

    static LocalCluster start(ServerHost host, ClusterPlan plan) {
        return ServerHost.tryPorts(ClusterStart.hasPorts(host.folder()), () -> new ClusterStart(host, plan).run());
    }

    /** Returns the URL for clients, with all brokers, such as {@code pulsar://127.0.0.1:12345,127.0.0.1:12346}. */
    public String serviceUrl() {
        return "pulsar://"
                + String.join(
                        ",",
                        brokers.stream()
                                .map(broker -> broker.serviceUrl().substring("pulsar://".length()))
                                .toList());
    }

    /**
     * Returns an admin that uses any broker that is running and not frozen. A request about a topic is redirected to
     * the topic's owner, and fails if the owner does not answer.
     */
    public LocalAdmin admin() {
        return admin;
    }

    /**
     * Returns the broker that owns a topic or partition; if there is no owner, a broker takes it. The owner may be
     * dead, for as long as its ZooKeeper session lasts. If authentication is on, this method uses the token of the
     * brokers ({@code brokerClientAuthenticationParameters}). See {@link LocalAdmin} for names and failures.
     */
    public LocalBroker ownerOf(String topic) {
        String url = superuser.owner(topic);
        return brokers.stream()
                .filter(broker -> broker.adminUrl().equals(url))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(topic + " is owned by a stranger, " + url));
    }

    /** Returns the brokers, by index. */
    public List<LocalBroker> brokers() {
        return brokers;
    }

    /**
     * Returns a broker.
     *
     * @param index from 0
     */
    public LocalBroker broker(int index) {
        return brokers.get(index);
    }

    /** Returns the bookies, by index. */
    public List<LocalServer> bookies() {
        return bookies;
    }

    /**
     * Returns a bookie.
     *
     * @param index from 0
     */
    public LocalServer bookie(int index) {
        return bookies.get(index);
    }

    /** Returns the only ZooKeeper server. */
    public LocalServer zooKeeper() {
        return zooKeeper;
    }

    /** Returns all servers: ZooKeeper, bookies, brokers. */
    public List<LocalServer> servers() {
        return Stream.of(List.of(zooKeeper), bookies, brokers)
                .<LocalServer>flatMap(List::stream)
                .toList();
    }

    /** Returns the folder that contains the folders of all servers, each with its data and its log. */
    public Path folder() {
        return host.folder().path();
    }

    /**
     * Ends all servers. A temporary folder is deleted with all data, so its servers are simply killed. Servers in a
     * named folder are stopped one after the other, brokers first. Idempotent.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        boolean orderly = !host.folder().isTemporary();
        List<LocalServer> order = new ArrayList<>(brokers);
        order.addAll(bookies);
        order.add(zooKeeper);
        order.forEach(server -> server.end(orderly));
        host.close();
    }
}
