package dev.vela.behaviour;

import dev.vela.Vela;
import dev.vela.local.LocalAdmin;
import dev.vela.local.LocalPulsar;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.SubscriptionInitialPosition;
import org.apache.pulsar.client.api.TopicMessageId;

/**
 * The one real Pulsar that all behaviour tests of a JVM share. It ends with the JVM. Tests that kill or freeze it must
 * leave it running.
 */
final class Broker {
    /** What a single entry may hold; less than the default, so that tests of it are cheap. */
    static final int MAX_MESSAGE_BYTES = 1 << 20;

    private static final int PATIENCE_SECONDS = 60;

    private static final AtomicInteger TOPICS = new AtomicInteger();

    private static LocalPulsar pulsar;
    private static PulsarClient client;
    private static Vela owner;

    private Broker() {}

    static synchronized LocalPulsar pulsar() {
        if (pulsar == null) {
            pulsar = LocalPulsar.builder()
                    .readyWithin(Duration.ofMinutes(5))
                    .config("maxMessageSize", Integer.toString(MAX_MESSAGE_BYTES))
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

    /** A fresh topic without partitions. */
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

    /** A namespace of its own, for tests that change its policies; its topics are {@code persistent://<it>/name}. */
    static String freshNamespace(String prefix) {
        String namespace = "public/" + freshName(prefix);
        admin().createNamespace(namespace);
        return namespace;
    }

    /**
     * A runtime of the test's own, on a client configured by Vela that all such runtimes share: to close a client takes
     * two seconds.
     */
    static synchronized Vela vela() {
        if (owner == null) {
            try {
                owner = Vela.connect(url());
            } catch (PulsarClientException e) {
                throw new IllegalStateException(e);
            }
        }
        return new PatientVela(Vela.on(owner.client()));
    }

    /** Everything in a topic from its beginning up to what is its last message now, in the order of arrival. */
    static <T> List<Message<T>> readAll(String topic, Schema<T> schema) throws PulsarClientException {
        List<Message<T>> messages = new ArrayList<>();
        try (Consumer<T> consumer = subscribe(topic, schema)) {
            Map<String, MessageIdAdv> unread = new HashMap<>();
            for (TopicMessageId last : consumer.getLastMessageIds()) {
                if (((MessageIdAdv) last).getEntryId() >= 0) {
                    unread.put(last.getOwnerTopic(), (MessageIdAdv) last);
                }
            }
            while (!unread.isEmpty()) {
                Message<T> message = consumer.receive(PATIENCE_SECONDS, TimeUnit.SECONDS);
                if (message == null) {
                    throw new AssertionError("nothing more came, though the last messages are " + unread.values());
                }
                messages.add(message);
                MessageIdAdv id = (MessageIdAdv) message.getMessageId();
                unread.computeIfPresent(message.getTopicName(), (partition, last) -> isLast(id, last) ? null : last);
            }
        }
        return messages;
    }

    /** Whether it is the last of the last entry. */
    private static boolean isLast(MessageIdAdv id, MessageIdAdv last) {
        return id.getLedgerId() == last.getLedgerId()
                && id.getEntryId() == last.getEntryId()
                && (id.getBatchSize() <= 1 || id.getBatchIndex() == id.getBatchSize() - 1);
    }

    /** The first so many messages of a topic; fewer if they do not come within a minute. */
    static <T> List<Message<T>> read(String topic, Schema<T> schema, int count) throws PulsarClientException {
        return read(client(), topic, schema, count, Duration.ofSeconds(PATIENCE_SECONDS));
    }

    static <T> List<Message<T>> read(PulsarClient client, String topic, Schema<T> schema, int count, Duration patience)
            throws PulsarClientException {
        List<Message<T>> messages = new ArrayList<>();
        try (Consumer<T> consumer = subscribe(client, topic, schema)) {
            while (messages.size() < count) {
                Message<T> message = consumer.receive((int) patience.toMillis(), TimeUnit.MILLISECONDS);
                if (message == null) {
                    break;
                }
                messages.add(message);
            }
        }
        return messages;
    }

    /** A subscription of its own to a topic, from its beginning. */
    static <T> Consumer<T> subscribe(String topic, Schema<T> schema) throws PulsarClientException {
        return subscribe(client(), topic, schema);
    }

    private static <T> Consumer<T> subscribe(PulsarClient client, String topic, Schema<T> schema)
            throws PulsarClientException {
        return client.newConsumer(schema)
                .topic(topic)
                .subscriptionName(freshName("reader"))
                .subscriptionInitialPosition(SubscriptionInitialPosition.Earliest)
                .subscribe();
    }
}
