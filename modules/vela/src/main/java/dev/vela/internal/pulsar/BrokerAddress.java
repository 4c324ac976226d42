package dev.vela.internal.pulsar;

import java.lang.reflect.Field;
import java.net.InetSocketAddress;
import org.apache.pulsar.client.impl.ClientCnx;
import org.apache.pulsar.client.impl.ProducerImpl;
import org.apache.pulsar.common.protocol.PulsarHandler;
import org.jspecify.annotations.Nullable;

/**
 * The broker that a producer is connected to: the client does not expose it in types that its shaded and its unshaded
 * form share.
 */
final class BrokerAddress {
    private static final @Nullable Field BEHIND_PROXY = field(ClientCnx.class, "proxyToTargetBrokerAddress");
    private static final @Nullable Field REMOTE = field(PulsarHandler.class, "remoteAddress");

    private BrokerAddress() {}

    private static @Nullable Field field(Class<?> of, String name) {
        try {
            Field field = of.getDeclaredField(name);
            field.setAccessible(true);
            return field;
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null; // another client, or a client whose module is closed
        }
    }

    /** As host:port; null if the producer is not connected, or if the address cannot be read. Never resolves a name. */
    static @Nullable String of(ProducerImpl<?> producer) {
        ClientCnx connection = producer.getClientCnx();
        if (connection == null || BEHIND_PROXY == null || REMOTE == null) {
            return null;
        }
        try {
            if (BEHIND_PROXY.get(connection) instanceof String broker) {
                return broker;
            }
            return REMOTE.get(connection) instanceof InetSocketAddress remote ? text(remote) : null;
        } catch (IllegalAccessException e) {
            return null;
        }
    }

    private static String text(InetSocketAddress address) {
        String host = address.getHostString();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
