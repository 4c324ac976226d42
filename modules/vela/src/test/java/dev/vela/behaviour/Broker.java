package dev.vela.behaviour;

import dev.vela.local.LocalAdmin;
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
 * The one real Pulsar that all behaviour tests of a JVM share. It ends with the JVM. Tests that kill or freeze it must
 * leave it running.
 */
final class Broker {
    private static final AtomicInteger TOPICS = new AtomicInteger();

    private static LocalPulsar pulsar;
    private static PulsarClient client;

    private Broker() {}

    static synchronized LocalPulsar pulsar() {
        if (pulsar == null) {
            pulsar = LocalPulsar.builder()
                    .config("systemTopicEnabled", "true")
                    .config("topicLevelPoliciesEnabled", "true")
                    .start();
        }
        return pulsar;
    }

    static LocalAdmin admin() {
        return pulsar().admin();
    }

    static String url() {
        return pulsar().serviceUrl();
    }

    /** A client of the tests' own, for consumers and rival producers. */
    static synchronized PulsarClient client() {
        if (client == null) {
            try {
                client = PulsarClient.builder()
                        .serviceUrl(url())
                        .maxBackoffInterval(1, TimeUnit.SECONDS)
                        .build();
            } catch (PulsarClientException e) {
                throw new IllegalStateException(e);
            }
        }
        return client;
    }

    /** A name that no other test uses. */
    static String freshName(String prefix) {
        return prefix + "-" + TOPICS.incrementAndGet();
    }

    /** A fresh topic with its subscription, so that what is published is kept. */
    static String freshTopic(String prefix) {
        String topic = "persistent://public/default/" + freshName(prefix);
        admin().createTopic(topic);
        return topic;
    }

    static String freshPartitionedTopic(String prefix, int partitions) {
        String topic = "persistent://public/default/" + freshName(prefix);
        admin().createPartitionedTopic(topic, partitions);
        return topic;
    }

    /** Everything in a topic from its beginning, in the order of arrival, until nothing comes for a while. */
    static <T> List<Message<T>> readAll(String topic, Schema<T> schema, Duration quiet) throws PulsarClientException {
        List<Message<T>> messages = new ArrayList<>();
        try (Consumer<T> consumer = subscribe(topic, schema)) {
            Message<T> message = consumer.receive((int) quiet.toMillis(), TimeUnit.MILLISECONDS);
            while (message != null) {
                messages.add(message);
                message = consumer.receive((int) quiet.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
        return messages;
    }

    /** The first so many messages of a topic; fewer if they do not come within 10 s. */
    static <T> List<Message<T>> read(String topic, Schema<T> schema, int count) throws PulsarClientException {
        List<Message<T>> messages = new ArrayList<>();
        try (Consumer<T> consumer = subscribe(topic, schema)) {
            while (messages.size() < count) {
                Message<T> message = consumer.receive(10, TimeUnit.SECONDS);
                if (message == null) {
                    break;
                }
                messages.add(message);
            }
        }
        return messages;
    }

    private static <T> Consumer<T> subscribe(String topic, Schema<T> schema) throws PulsarClientException {
        return client().newConsumer(schema)
                .topic(topic)
                .subscriptionName(freshName("reader"))
                .subscriptionInitialPosition(SubscriptionInitialPosition.Earliest)
                .subscribe();
    }
}
