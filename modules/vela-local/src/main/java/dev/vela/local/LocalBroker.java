package dev.vela.local;

/** A broker of a {@link LocalCluster}. Thread-safe. */
public final class LocalBroker extends LocalServer {

    private final int port;
    private final int advertisedPort;
    private final int webPort;

    LocalBroker(ServerHost host, String name, ServerFolder folder, ServerCommand command, BrokerPorts ports) {
        super(host, name, folder, command);
        this.port = ports.clients();
        this.advertisedPort = ports.advertised();
        this.webPort = ports.web();
    }

    /**
     * Returns the URL for clients, such as {@code pulsar://127.0.0.1:12345}; the same after a restart. The port is the
     * {@linkplain LocalClusterBuilder#advertisedPort advertised port}, if there is one.
     */
    public String serviceUrl() {
        return "pulsar://127.0.0.1:" + advertisedPort;
    }

    /**
     * Returns the port of 127.0.0.1 on which the broker listens for clients. A proxy on an advertised port forwards to
     * it.
     */
    public int port() {
        return port;
    }

    /** Returns the URL of the web service, such as {@code http://127.0.0.1:12346}; the same after a restart. */
    public String adminUrl() {
        return "http://127.0.0.1:" + webPort;
    }
}
