package dev.vela.spring.it;

import dev.vela.local.LocalPulsar;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.SubscriptionInitialPosition;

/**
 * The one real Pulsar that all tests of a JVM share. It ends with the JVM. Tests that freeze it must leave it running.
 */
final class Broker {
    private static final AtomicInteger TOPICS = new AtomicInteger();

    private static LocalPulsar pulsar;
    private static PulsarClient client;

    private Broker() {}

    static synchronized LocalPulsar pulsar() {
        if (pulsar == null) {
            pulsar = LocalPulsar.builder().readyWithin(Duration.ofMinutes(5)).start();
        }
        return pulsar;
    }

    /** A full name, as templates make it of a short one. */
    static String freshTopic(String prefix) {
        return "persistent://public/default/" + prefix + "-" + TOPICS.incrementAndGet();
    }

    /** An official client of the tests' own. */
    static synchronized PulsarClient client() throws PulsarClientException {
        if (client == null) {
            client = PulsarClient.builder().serviceUrl(pulsar().serviceUrl()).build();
        }
        return client;
    }

    /** The first so many messages of a topic, or fewer if no more come. */
    static List<Message<String>> read(String topic, int count) throws PulsarClientException {
        List<Message<String>> messages = new ArrayList<>();
        try (Consumer<String> consumer = client().newConsumer(Schema.STRING)
                .topic(topic)
                .subscriptionName("reader-" + TOPICS.incrementAndGet())
                .subscriptionInitialPosition(SubscriptionInitialPosition.Earliest)
                .subscribe()) {
            while (messages.size() < count) {
                Message<String> message = consumer.receive(60, TimeUnit.SECONDS);
                if (message == null) {
                    break;
                }
                messages.add(message);
            }
        }
        return messages;
    }

    static List<String> values(String topic, int count) throws PulsarClientException {
        return read(topic, count).stream().map(Message::getValue).toList();
    }
}
