package dev.vela.local;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The ports of a broker of a cluster.
 *
 * @param brokers where other brokers connect
 * @param web where its web service is
 * @param clients where clients connect, or who forwards their connections
 * @param advertised where clients are told to connect
 */
record BrokerPorts(int brokers, int web, int clients, int advertised) {

    /** How many ports a broker may need. */
    static final int COUNT = 3;

    /** Clients and brokers connect to the same port. */
    static BrokerPorts plain(Ports ports) {
        return new BrokerPorts(ports.get(0), ports.get(1), ports.get(0), ports.get(0));
    }

    /**
     * Clients have a port of their own.
     *
     * @param advertised where they are told to connect; null for that very port
     */
    static BrokerPorts behind(@Nullable Integer advertised, Ports ports) {
        int clients = ports.get(2);
        return new BrokerPorts(ports.get(0), ports.get(1), clients, advertised == null ? clients : advertised);
    }

    /** The entries of {@code broker.conf} that say so. */
    Map<String, String> entries() {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("brokerServicePort", Integer.toString(brokers));
        entries.put("webServicePort", Integer.toString(web));
        if (clients != brokers) {
            // Who comes in by the clients' port is told of the clients' addresses of all brokers, and nobody else is.
            entries.put("bindAddresses", "clients:" + url(clients));
            entries.put("advertisedListeners", "brokers:" + url(brokers) + ",clients:" + url(advertised));
            entries.put("internalListenerName", "brokers");
        }
        return entries;
    }

    private static String url(int port) {
        return "pulsar://127.0.0.1:" + port;
    }
}
