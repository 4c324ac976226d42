package dev.vela.behaviour;

import dev.vela.local.LocalPulsar;
import java.time.Duration;
import java.util.List;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;

/**
 * A Pulsar that knows transactions, shared by the tests of a JVM that need them. It is one of its own since a topic of
 * such a Pulsar may keep its readers waiting for half a minute after it was loaded.
 */
final class TransactionalBroker {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static LocalPulsar pulsar;

    private TransactionalBroker() {}

    static synchronized LocalPulsar pulsar() {
        if (pulsar == null) {
            pulsar = LocalPulsar.builder()
                    .readyWithin(Duration.ofMinutes(5))
                    .config("transactionCoordinatorEnabled", "true")
                    .config("maxMessageSize", Integer.toString(Broker.MAX_MESSAGE_BYTES))
                    .start();
        }
        return pulsar;
    }

    static String url() {
        return pulsar().serviceUrl();
    }

    static String freshTopic(String prefix) {
        String topic = "persistent://public/default/" + Broker.freshName(prefix);
        pulsar().admin().createTopic(topic);
        return topic;
    }

    static String freshPartitionedTopic(String prefix, int partitions) {
        String topic = "persistent://public/default/" + Broker.freshName(prefix);
        pulsar().admin().createPartitionedTopic(topic, partitions);
        return topic;
    }

    /** The first so many messages of a topic. */
    static <T> List<Message<T>> read(PulsarClient client, String topic, Schema<T> schema, int count)
            throws PulsarClientException {
        return Broker.read(client, topic, schema, count, PATIENCE);
    }
}
