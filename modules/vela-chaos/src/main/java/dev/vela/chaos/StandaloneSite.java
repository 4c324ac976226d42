package dev.vela.chaos;

import dev.vela.local.LocalPulsar;
import dev.vela.local.LocalPulsarBuilder;
import java.io.IOException;
import java.net.URI;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;

/** A Pulsar in one process, behind a proxy whose address it advertises to clients. */
final class StandaloneSite implements Site {

    private final Tokens tokens;
    private final FaultProxy proxy;
    private final LocalPulsar pulsar;

    private StandaloneSite(Tokens tokens, FaultProxy proxy, LocalPulsar pulsar) {
        this.tokens = tokens;
        this.proxy = proxy;
        this.pulsar = pulsar;
    }

    static StandaloneSite start(Consumer<String> progress, boolean transactions) throws IOException {
        Tokens tokens = new Tokens();
        FaultProxy proxy = FaultProxy.open();
        try {
            LocalPulsarBuilder builder = LocalPulsar.builder()
                    .config("advertisedListeners", "proxy:pulsar://127.0.0.1:" + proxy.port())
                    .config("internalListenerName", "proxy")
                    .readyWithin(READY_WITHIN)
                    .progress(progress);
            Site.brokerConfig(tokens, transactions).forEach(builder::config);
            LocalPulsar pulsar = builder.start();
            proxy.target(URI.create(pulsar.serviceUrl()).getPort());
            return new StandaloneSite(tokens, proxy, pulsar);
        } catch (RuntimeException e) {
            proxy.close();
            throw e;
        }
    }

    @Override
    public String serviceUrl() {
        return "pulsar://127.0.0.1:" + proxy.port();
    }

    @Override
    public List<String> adminUrls() {
        return List.of(pulsar.adminUrl());
    }

    @Override
    public Tokens tokens() {
        return tokens;
    }

    @Override
    public List<Server> brokers() {
        return List.of(new Server(pulsar)); // bookie and metadata store, too
    }

    @Override
    public OptionalInt ownerOf(String topic) {
        return OptionalInt.of(0);
    }

    @Override
    public List<Server> bookies() {
        return List.of();
    }

    @Override
    public List<Server> zooKeepers() {
        return List.of();
    }

    @Override
    public List<FaultProxy> proxies() {
        return List.of(proxy);
    }

    @Override
    public Set<FaultKind> possible() {
        return EnumSet.complementOf(EnumSet.of(FaultKind.BOOKIE_KILLED, FaultKind.ZOOKEEPER_FROZEN));
    }

    @Override
    public void close() {
        pulsar.close();
        proxy.close();
    }
}
