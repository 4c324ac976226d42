package dev.vela.behaviour;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.Batching;
import dev.vela.ProducerGroup;
import dev.vela.SupervisedMessageBuilder;
import dev.vela.Vela;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.CompressionType;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.SubscriptionType;
import org.apache.pulsar.client.api.TypedMessageBuilder;
import org.apache.pulsar.client.impl.MessageImpl;
import org.apache.pulsar.common.api.proto.MessageMetadata;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a message can carry, as a consumer sees it. */
class MessageOptionsIT {
    @AutoClose
    private final Vela vela = Broker.vela();

    private final String topic = Broker.freshTopic("message");

    @ParameterizedTest
    @EnumSource
    void compressedMessagesArriveIntact(CompressionType compression) throws Exception {
        ProducerGroup<byte[]> group = vela.newProducerGroup(Schema.BYTES)
                .topic(topic)
                .compressionType(compression)
                .start();
        byte[] small = "small".getBytes(UTF_8);
        byte[] large = "compressible ".repeat(10_000).getBytes(UTF_8);

        group.send(small);
        group.send(large);

        List<Message<byte[]>> messages = Broker.read(topic, Schema.BYTES, 2);
        assertThat(messages).extracting(Message::getValue).containsExactly(small, large);
        assertThat(metadata(messages.get(1)).getCompression().name()).isEqualTo(compression.name());
    }

    @Test
    void keyArrives() throws Exception {
        Message<String> message = roundTrip(group -> group.newMessage().key("customer-1"));

        assertThat(message.getKey()).isEqualTo("customer-1");
        assertThat(message.hasBase64EncodedKey()).isFalse();
    }

    @Test
    void keyOfBytesArrives() throws Exception {
        byte[] key = {0, -1, 7};

        Message<String> message = roundTrip(group -> group.newMessage().keyBytes(key));

        assertThat(message.getKeyBytes()).isEqualTo(key);
        assertThat(message.hasBase64EncodedKey()).isTrue();
    }

    @Test
    void orderingKeyArrives() throws Exception {
        Message<String> message = roundTrip(group -> group.newMessage().orderingKey("order".getBytes(UTF_8)));

        assertThat(message.getOrderingKey()).asString(UTF_8).isEqualTo("order");
        assertThat(message.hasKey()).isFalse();
    }

    @Test
    void propertiesArrive() throws Exception {
        Message<String> message =
                roundTrip(group -> group.newMessage().property("a", "1").properties(Map.of("b", "2", "c", "")));

        assertThat(message.getProperties()).containsOnly(Map.entry("a", "1"), Map.entry("b", "2"), Map.entry("c", ""));
    }

    @Test
    void eventTimeArrivesInMilliseconds() throws Exception {
        Instant time = Instant.parse("2024-02-29T12:34:56.789Z");

        Message<String> message = roundTrip(group -> group.newMessage().eventTime(time));

        assertThat(message.getEventTime()).isEqualTo(1_709_210_096_789L);
    }

    @ParameterizedTest
    @ValueSource(longs = {-315_619_200_000L, -1, Long.MIN_VALUE})
    void eventTimeBefore1970ArrivesAsItWas(long milliseconds) throws Exception {
        Message<String> alone = roundTrip(group -> group.newMessage().eventTime(milliseconds));
        ProducerGroup<String> batching = vela.newProducerGroup(Schema.STRING)
                .topic(topic)
                .name("batching")
                .batching(Batching.defaults())
                .start();
        batching.newMessage().value("one").eventTime(milliseconds).sendAsync();
        batching.newMessage().value("two").eventTime(milliseconds).sendAsync();
        batching.flush();

        assertThat(alone.getEventTime()).isEqualTo(milliseconds);
        assertThat(Broker.readAll(topic, Schema.STRING))
                .hasSize(3)
                .allSatisfy(message -> assertThat(message.getEventTime()).isEqualTo(milliseconds));
    }

    @Test
    void delayUntilATimeThatHasJustPassedDeliversAtOnce() throws Exception {
        try (Consumer<String> shared = Broker.client()
                .newConsumer(Schema.STRING)
                .topic(topic)
                .subscriptionName("shared")
                .subscriptionType(SubscriptionType.Shared)
                .subscribe()) {
            ProducerGroup<String> group = started();
            group.newMessage().value("a").deliverAfter(Duration.ofMillis(-5)).send();
            group.newMessage()
                    .value("b")
                    .deliverAfter(Long.MIN_VALUE, TimeUnit.DAYS)
                    .send();

            assertThat(shared.receive(60, TimeUnit.SECONDS).getValue()).isEqualTo("a");
            assertThat(shared.receive(60, TimeUnit.SECONDS).getValue()).isEqualTo("b");
        }
    }

    @Test
    void deliverAtArrivesExactly() throws Exception {
        Instant time = Instant.now().plusSeconds(3600);

        Message<String> message = roundTrip(group -> group.newMessage().deliverAt(time));

        assertThat(metadata(message).getDeliverAtTime()).isEqualTo(time.toEpochMilli());
    }

    @Test
    void deliverAfterIsTheSendTimePlusTheDelay() throws Exception {
        ProducerGroup<String> group = started(); // so that the client's classes are loaded before
        group.send("first");

        SupervisedMessageBuilder<String> message = group.newMessage().value("delayed");
        long before = System.currentTimeMillis();
        message.deliverAfter(Duration.ofMinutes(5));
        long after = System.currentTimeMillis();
        message.send();

        Message<String> delayed = Broker.read(topic, Schema.STRING, 2).get(1);
        assertThat(metadata(delayed).getDeliverAtTime()).isBetween(before + 300_000, after + 300_000);
        assertThat(delayed.getPublishTime()).isGreaterThanOrEqualTo(before);
    }

    @Test
    void everythingArrivesTogether() throws Exception {
        Instant deliverAt = Instant.now().plusSeconds(600);

        Message<String> message = roundTrip(group -> group.newMessage()
                .key("k")
                .orderingKey("o".getBytes(UTF_8))
                .property("p", "v")
                .eventTime(Instant.ofEpochMilli(123_456_789))
                .deliverAt(deliverAt)
                .sequenceId(42)
                .disableReplication());

        assertThat(message.getKey()).isEqualTo("k");
        assertThat(message.getOrderingKey()).asString(UTF_8).isEqualTo("o");
        assertThat(message.getProperties()).containsExactly(Map.entry("p", "v"));
        assertThat(message.getEventTime()).isEqualTo(123_456_789);
        assertThat(metadata(message).getDeliverAtTime()).isEqualTo(deliverAt.toEpochMilli());
        assertThat(message.getSequenceId()).isEqualTo(42);
    }

    @Test
    void receiptIsTheIdThatTheConsumerSees() throws Exception {
        MessageId receipt = started().send("v");

        assertThat(Broker.read(topic, Schema.STRING, 1).get(0).getMessageId()).isEqualTo(receipt);
    }

    /** What a test does to a message before its value is set and it is sent. */
    private interface Options {
        TypedMessageBuilder<String> of(ProducerGroup<String> group);
    }

    private Message<String> roundTrip(Options options) throws PulsarClientException {
        options.of(started()).value("v").send();
        Message<String> message = Broker.read(topic, Schema.STRING, 1).get(0);
        assertThat(message.getValue()).isEqualTo("v");
        return message;
    }

    private ProducerGroup<String> started() throws PulsarClientException {
        return vela.newProducerGroup(Schema.STRING).topic(topic).start();
    }

    static MessageMetadata metadata(Message<?> message) {
        return ((MessageImpl<?>) message).getMessageBuilder();
    }
}
