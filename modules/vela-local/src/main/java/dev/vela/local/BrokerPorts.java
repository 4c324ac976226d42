package dev.vela.local;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The ports of a broker of a cluster.
 *
 * @param brokers the port for other brokers
 * @param web the port of the web service
 * @param clients the port for clients, or for a proxy that forwards their connections
 * @param advertised the port that clients are told to connect to
 */
record BrokerPorts(int brokers, int web, int clients, int advertised) {

    /** The maximum number of ports of a broker. */
    static final int COUNT = 3;

    /** Returns ports where clients and brokers connect to the same port. */
    static BrokerPorts plain(Ports ports) {
        return new BrokerPorts(ports.get(0), ports.get(1), ports.get(0), ports.get(0));
    }

    /**
     * Returns ports with a separate port for clients.
     *
     * @param advertised the port that clients are told to connect to; null for the port for clients
     */
    static BrokerPorts behind(@Nullable Integer advertised, Ports ports) {
        int clients = ports.get(2);
        return new BrokerPorts(ports.get(0), ports.get(1), clients, advertised == null ? clients : advertised);
    }

    /** Returns the entries of {@code broker.conf} for these ports. */
    Map<String, String> entries() {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("brokerServicePort", Integer.toString(brokers));
        entries.put("webServicePort", Integer.toString(web));
        if (clients != brokers) {
            // Only a connection to the clients' port learns the clients' addresses, those of all brokers.
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
