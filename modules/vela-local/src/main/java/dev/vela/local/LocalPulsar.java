package dev.vela.local;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A real Pulsar on this machine: broker, bookie and metadata store in one separate process, to start, kill, freeze and
 * restart at will. It listens on 127.0.0.1 only, on its own ports, so several can run side by side. The namespace
 * {@code public/default} exists, topics are created on first use, and delayed delivery and per-namespace deduplication
 * work. Transactions work with {@code config("transactionCoordinatorEnabled", "true")}; readers of a topic may then
 * have to wait for half a minute after the topic was loaded, because Pulsar 4.2.4 recovers transactions in this way.
 *
 * <pre>{@code
 * try (LocalPulsar pulsar = LocalPulsar.start()) {
 *     PulsarClient client = PulsarClient.builder().serviceUrl(pulsar.serviceUrl()).build();
 *     pulsar.kill();
 *     pulsar.restart();
 * }
 * }</pre>
 *
 * <p>The server's jars come from the local Maven repository (system property {@code maven.repo.local}, or
 * {@code ~/.m2/repository}); missing jars are fetched into it, verified, from Maven Central or the mirror that the
 * system property {@code vela.local.maven.url} or the environment variable {@code VELA_LOCAL_MAVEN_URL} names.
 *
 * <p>A temporary folder does not outlive this JVM either. Acknowledged messages survive {@link #kill}, though not a
 * crash of the machine: the bookie does not force its journal to disk.
 *
 * <p>Thread-safe. See {@link LocalCluster} for brokers and bookies that fail one by one.
 */
public final class LocalPulsar extends LocalServer implements AutoCloseable {

    private static final int PORTS = 3;

    private final ServerHost host;
    private final Ports ports;
    private final LocalAdmin admin;

    private LocalPulsar(ServerHost host, Ports ports, ServerCommand command) {
        super(host, "server", host.folder(), command);
        this.host = host;
        this.ports = ports;
        this.admin = LocalAdmin.of(adminUrl());
    }

    /** Starts a Pulsar with all defaults, in a temporary folder. See {@link LocalPulsarBuilder#start}. */
    public static LocalPulsar start() {
        return builder().start();
    }

    /** Returns a builder for a Pulsar with other settings than the defaults. */
    public static LocalPulsarBuilder builder() {
        return new LocalPulsarBuilder();
    }

    static LocalPulsar start(ServerHost host, Map<String, String> config) {
        ServerFolder folder = host.folder();
        return ServerHost.tryPorts(folder.hasPorts(), () -> {
            Ports ports = folder.ports(PORTS);
            LocalPulsar pulsar = new LocalPulsar(host, ports, command(host, config, ports));
            pulsar.awaitReady();
            folder.keepPorts(ports);
            return pulsar;
        });
    }

    private static ServerCommand command(ServerHost host, Map<String, String> config, Ports ports) {
        Map<String, String> entries = new LinkedHashMap<>(config);
        entries.put("brokerServicePort", Integer.toString(ports.get(0)));
        entries.put("webServicePort", Integer.toString(ports.get(1)));
        entries.put("bookiePort", Integer.toString(ports.get(2)));
        return host.command(ServerRole.STANDALONE, List.of(), entries);
    }

    /** Returns the URL for clients, such as {@code pulsar://127.0.0.1:12345}; the same after a restart. */
    public String serviceUrl() {
        return "pulsar://127.0.0.1:" + ports.get(0);
    }

    /** Returns the URL of the web service, such as {@code http://127.0.0.1:12346}; the same after a restart. */
    public String adminUrl() {
        return "http://127.0.0.1:" + ports.get(1);
    }

    /** Returns an admin for this Pulsar. */
    public LocalAdmin admin() {
        return admin;
    }

    /** Creates a partitioned topic, see {@link LocalAdmin#createPartitionedTopic}. */
    public void createPartitionedTopic(String topic, int partitions) {
        admin.createPartitionedTopic(topic, partitions);
    }

    /** Returns the folder of the data and the log. */
    public Path folder() {
        return host.folder().path();
    }

    /**
     * Ends the server. A temporary folder is deleted with all data, so its server is simply killed. A server in a named
     * folder is stopped as by {@link #stop}. Idempotent.
     */
    @Override
    public void close() {
        if (end(!host.folder().isTemporary())) {
            host.close();
        }
    }
}
