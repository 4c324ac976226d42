package dev.vela.local;

import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.SubscriptionInitialPosition;

/** The official client, as these tests use it. */
final class Clients {

    private Clients() {}

    static PulsarClient client(LocalPulsar pulsar) throws PulsarClientException {
        return PulsarClient.builder().serviceUrl(pulsar.serviceUrl()).build();
    }

    static Producer<String> producer(PulsarClient client, String topic) throws PulsarClientException {
        return client.newProducer(Schema.STRING).topic(topic).create();
    }

    static Consumer<String> consumer(PulsarClient client, String topic) throws PulsarClientException {
        return client.newConsumer(Schema.STRING)
                .topic(topic)
                .subscriptionName("test")
                .subscriptionInitialPosition(SubscriptionInitialPosition.Earliest)
                .subscribe();
    }

    static void send(LocalPulsar pulsar, String topic, String text) throws PulsarClientException {
        try (PulsarClient client = client(pulsar);
                Producer<String> producer = producer(client, topic)) {
            producer.send(text);
        }
    }

    /** The first message of a topic. */
    static String receive(LocalPulsar pulsar, String topic) throws PulsarClientException {
        try (PulsarClient client = client(pulsar);
                Consumer<String> consumer = consumer(client, topic)) {
            return receive(consumer);
        }
    }

    static String receive(Consumer<String> consumer) throws PulsarClientException {
        Message<String> message = consumer.receive(60, TimeUnit.SECONDS);
        return message == null ? "nothing" : message.getValue();
    }
}
