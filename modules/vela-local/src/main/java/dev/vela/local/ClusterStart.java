package dev.vela.local;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One attempt to start a cluster: ZooKeeper first, then all other servers at once. If the attempt fails, nothing is
 * left running.
 */
final class ClusterStart {

    private static final String ZOOKEEPER = "zookeeper";

    private final ServerHost host;
    private final ClusterPlan plan;
    private final Place zooKeeper;
    private final List<Place> bookies;
    private final List<Place> brokers;
    private final List<BrokerPorts> brokerPorts;
    private final List<LocalServer> launched = new ArrayList<>();

    ClusterStart(ServerHost host, ClusterPlan plan) {
        this.host = host;
        this.plan = plan;
        this.zooKeeper = place(ZOOKEEPER, 1);
        this.bookies = places("bookie-", plan.bookies(), 1);
        this.brokers = places("broker-", plan.brokers(), BrokerPorts.COUNT);
        this.brokerPorts = IntStream.range(0, plan.brokers())
                .mapToObj(i -> plan.brokerPorts(i, brokers.get(i).ports))
                .toList();
    }

    /** The folder and the ports of a server. */
    private record Place(String name, ServerFolder folder, Ports ports) {}

    private Place place(String name, int ports) {
        ServerFolder folder = host.folder().part(name);
        return new Place(name, folder, folder.ports(ports));
    }

    private List<Place> places(String prefix, int count, int ports) {
        return IntStream.range(0, count).mapToObj(i -> place(prefix + i, ports)).toList();
    }

    /** Whether a cluster ran in this folder before, so that its ports are fixed. */
    static boolean hasPorts(ServerFolder folder) {
        return folder.part(ZOOKEEPER).hasPorts();
    }

    LocalCluster run() {
        try {
            LocalServer startedZooKeeper = launchZooKeeper();
            startedZooKeeper.awaitReady();
            List<LocalServer> startedBookies =
                    bookies.stream().map(this::launchBookie).toList();
            List<LocalBroker> startedBrokers = IntStream.range(0, plan.brokers())
                    .mapToObj(this::launchBroker)
                    .toList();
            launched.forEach(LocalServer::awaitReady);
            keepPorts();
            return new LocalCluster(host, plan.brokerToken(), startedZooKeeper, startedBookies, startedBrokers);
        } catch (RuntimeException e) {
            launched.forEach(server -> server.end(false));
            throw e;
        }
    }

    private LocalServer launchZooKeeper() {
        ServerCommand command = host.command(
                ServerRole.ZOOKEEPER, List.of(), plan.zooKeeperEntries(zooKeeper.ports.get(0), brokerPorts));
        return launched(new LocalServer(host, zooKeeper.name, zooKeeper.folder, command));
    }

    private LocalServer launchBookie(Place bookie) {
        ServerCommand command = host.command(
                ServerRole.BOOKIE,
                plan.bookieJvmOptions(),
                plan.bookieEntries(bookie.ports.get(0), zooKeeper.ports.get(0)));
        return launched(new LocalServer(host, bookie.name, bookie.folder, command));
    }

    private LocalBroker launchBroker(int index) {
        Place broker = brokers.get(index);
        BrokerPorts ports = brokerPorts.get(index);
        ServerCommand command = host.command(
                ServerRole.BROKER, plan.brokerJvmOptions(), plan.brokerEntries(ports, zooKeeper.ports.get(0)));
        return launched(new LocalBroker(host, broker.name, broker.folder, command, ports));
    }

    private <T extends LocalServer> T launched(T server) {
        launched.add(server);
        return server;
    }

    private void keepPorts() {
        zooKeeper.folder.keepPorts(zooKeeper.ports);
        bookies.forEach(bookie -> bookie.folder.keepPorts(bookie.ports));
        brokers.forEach(broker -> broker.folder.keepPorts(broker.ports));
    }
}
