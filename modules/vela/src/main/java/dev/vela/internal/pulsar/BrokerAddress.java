package dev.vela.internal.pulsar;

import java.lang.reflect.Field;
import java.net.InetSocketAddress;
import org.apache.pulsar.client.impl.ClientCnx;
import org.apache.pulsar.client.impl.ProducerImpl;
import org.apache.pulsar.common.protocol.PulsarHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broker that a producer is connected to: the client does not expose it in types that its shaded and its unshaded
 * form share.
 */
final class BrokerAddress {
    private static final Logger log = LoggerFactory.getLogger(BrokerAddress.class);
    private static volatile boolean isReadable = true;

    private BrokerAddress() {}

    /** The fields of the client: another client may have none of these classes, or have closed its module. */
    private static final class Fields {
        static final Field BEHIND_PROXY = field(ClientCnx.class, "proxyToTargetBrokerAddress");
        static final Field REMOTE = field(PulsarHandler.class, "remoteAddress");

        private static Field field(Class<?> of, String name) {
            try {
                Field field = of.getDeclaredField(name);
                field.setAccessible(true);
                return field;
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /**
     * As host:port; null if the producer is not connected, or if the address cannot be read. Never resolves a name,
     * never throws.
     */
    static @Nullable String of(ProducerImpl<?> producer) {
        if (!isReadable || !producer.isConnected()) {
            return null;
        }
        try {
            return read(producer.getClientCnx());
        } catch (LinkageError | IllegalAccessException e) {
            isReadable = false;
            log.debug("This client does not tell the address of a broker", e);
            return null;
        }
    }

    private static @Nullable String read(@Nullable ClientCnx connection) throws IllegalAccessException {
        if (connection == null) {
            return null;
        }
        if (Fields.BEHIND_PROXY.get(connection) instanceof String broker) {
            return broker;
        }
        return Fields.REMOTE.get(connection) instanceof InetSocketAddress remote ? text(remote) : null;
    }

    private static String text(InetSocketAddress address) {
        String host = address.getHostString();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
