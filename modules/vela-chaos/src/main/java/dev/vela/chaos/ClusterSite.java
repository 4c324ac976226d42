package dev.vela.chaos;

import dev.vela.local.LocalAdminException;
import dev.vela.local.LocalBroker;
import dev.vela.local.LocalCluster;
import dev.vela.local.LocalClusterBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;

/** ZooKeeper, a bookie and two brokers in separate processes, with a proxy for clients in front of each broker. */
final class ClusterSite implements Site {

    private static final int BROKERS = 2;

    private final Tokens tokens;
    private final List<FaultProxy> proxies;
    private final LocalCluster cluster;

    private ClusterSite(Tokens tokens, List<FaultProxy> proxies, LocalCluster cluster) {
        this.tokens = tokens;
        this.proxies = proxies;
        this.cluster = cluster;
    }

    static ClusterSite start(Consumer<String> progress, boolean transactions) throws IOException {
        Tokens tokens = new Tokens();
        List<FaultProxy> proxies = new ArrayList<>();
        try {
            LocalClusterBuilder builder = LocalCluster.builder()
                    .brokers(BROKERS)
                    .bookies(1)
                    .readyWithin(READY_WITHIN)
                    .progress(progress);
            for (int i = 0; i < BROKERS; i++) {
                FaultProxy proxy = FaultProxy.open();
                proxies.add(proxy);
                builder.advertisedPort(i, proxy.port());
            }
            Site.brokerConfig(tokens, transactions).forEach(builder::config);
            LocalCluster cluster = builder.start();
            for (int i = 0; i < BROKERS; i++) {
                proxies.get(i).target(cluster.broker(i).port());
            }
            return new ClusterSite(tokens, List.copyOf(proxies), cluster);
        } catch (RuntimeException | IOException e) {
            proxies.forEach(FaultProxy::close);
            throw e;
        }
    }

    @Override
    public String serviceUrl() {
        return cluster.serviceUrl();
    }

    @Override
    public List<String> adminUrls() {
        return cluster.brokers().stream().map(LocalBroker::adminUrl).toList();
    }

    @Override
    public Tokens tokens() {
        return tokens;
    }

    @Override
    public List<Server> brokers() {
        return cluster.brokers().stream().map(Server::new).toList();
    }

    @Override
    public OptionalInt ownerOf(String topic) {
        try {
            return OptionalInt.of(cluster.brokers().indexOf(cluster.ownerOf(topic)));
        } catch (LocalAdminException | UncheckedIOException e) {
            return OptionalInt.empty(); // perhaps moving from one broker to another
        }
    }

    @Override
    public List<Server> bookies() {
        return cluster.bookies().stream().map(Server::new).toList();
    }

    @Override
    public List<Server> zooKeepers() {
        return List.of(new Server(cluster.zooKeeper()));
    }

    @Override
    public List<FaultProxy> proxies() {
        return proxies;
    }

    @Override
    public Set<FaultKind> possible() {
        return EnumSet.allOf(FaultKind.class);
    }

    @Override
    public void close() {
        cluster.close();
        proxies.forEach(FaultProxy::close);
    }
}
