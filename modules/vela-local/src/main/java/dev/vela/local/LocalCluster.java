package dev.vela.local;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real Pulsar cluster on this machine: ZooKeeper, bookies and brokers, each a process of its own, to kill, freeze and
 * restart one by one. All of it listens on 127.0.0.1 only, on ports of its own. The namespace {@code public/default} is
 * there, and topics are created as they are used. Where one server will do, {@link LocalPulsar} takes less time and
 * memory.
 *
 * <pre>{@code
 * try (LocalCluster cluster = LocalCluster.builder().brokers(2).bookies(1).start()) {
 *     PulsarClient client = PulsarClient.builder().serviceUrl(cluster.serviceUrl()).build();
 *     cluster.ownerOf("orders").kill();              // the other broker takes over
 *     cluster.bookie(0).freeze();
 * }
 * }</pre>
 *
 * <p>What happens when a server goes:
 * <ul>
 *   <li>A broker that was killed, or is frozen, owns its topics until its ZooKeeper session ends
 *       ({@link LocalClusterBuilder#sessionTimeout}, 6 s by default). After that another one takes each topic as it is
 *       asked for. A broker that is stopped hands its topics over at once.
 *   <li>A broker that is thawed, or can reach ZooKeeper again, after its session has ended gets a new session and stays:
 *       it disconnects the clients of what others took meanwhile, and owns again what nobody took. With
 *       {@code config("zookeeperSessionExpiredPolicy", "shutdown")} it ends itself, until {@link LocalServer#restart}.
 *   <li>A broker that is restarted is empty; topics come to it as they are loaded. Topics do not move by themselves:
 *       load shedding and automatic splits of bundles are off unless {@link LocalClusterBuilder#config} turns them on.
 *   <li>Each message is kept on two bookies if there are two, else on the one. While fewer bookies than that are left,
 *       publishing waits.
 *   <li>Without ZooKeeper brokers go on with the topics that they have loaded, but look up and load no others. When it is
 *       back after longer than sessions last, brokers and bookies get new sessions and stay.
 * </ul>
 *
 * <p>Jars come from where {@link LocalPulsar} has them from. No server and no temporary folder outlives this JVM, however
 * this JVM ends. What was acknowledged survives kills, though not a crash of the machine. Thread-safe.
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

    /** Describes a cluster. */
    public static LocalClusterBuilder builder() {
        return new LocalClusterBuilder();
    }

    static LocalCluster start(ServerHost host, ClusterPlan plan) {
        return ServerHost.tryPorts(ClusterStart.hasPorts(host.folder()), () -> new ClusterStart(host, plan).run());
    }

    /** Where clients connect: all brokers, such as {@code pulsar://127.0.0.1:12345,127.0.0.1:12346}. */
    public String serviceUrl() {
        return "pulsar://"
                + String.join(
                        ",",
                        brokers.stream()
                                .map(broker -> broker.serviceUrl().substring("pulsar://".length()))
                                .toList());
    }

    /**
     * Administrative requests to a broker that is running and not frozen, whichever that is. A request about a topic
     * goes on to the topic's owner, and fails if that one does not answer.
     */
    public LocalAdmin admin() {
        return admin;
    }

    /**
     * The broker that owns a topic or partition; if none does, one takes it. For as long as its ZooKeeper session lasts
     * that may be one that is dead. If authentication is on, this asks with the token of the brokers
     * ({@code brokerClientAuthenticationParameters}). See {@link LocalAdmin} for names and failures.
     */
    public LocalBroker ownerOf(String topic) {
        String url = superuser.owner(topic);
        return brokers.stream()
                .filter(broker -> broker.adminUrl().equals(url))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(topic + " is owned by a stranger, " + url));
    }

    /** The brokers, by index. */
    public List<LocalBroker> brokers() {
        return brokers;
    }

    /**
     * One of the brokers.
     *
     * @param index from 0
     */
    public LocalBroker broker(int index) {
        return brokers.get(index);
    }

    /** The bookies, by index. */
    public List<LocalServer> bookies() {
        return bookies;
    }

    /**
     * One of the bookies.
     *
     * @param index from 0
     */
    public LocalServer bookie(int index) {
        return bookies.get(index);
    }

    /** The one ZooKeeper. */
    public LocalServer zooKeeper() {
        return zooKeeper;
    }

    /** All servers: ZooKeeper, bookies, brokers. */
    public List<LocalServer> servers() {
        return Stream.of(List.of(zooKeeper), bookies, brokers)
                .<LocalServer>flatMap(List::stream)
                .toList();
    }

    /** The folder that holds the folders of all servers, each with its data and its log. */
    public Path folder() {
        return host.folder().path();
    }

    /**
     * Ends all servers, and deletes the folder if that is a temporary one, with all data: such servers are simply killed.
     * Those in a named folder are stopped one after the other, brokers first. Does nothing the second time.
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
