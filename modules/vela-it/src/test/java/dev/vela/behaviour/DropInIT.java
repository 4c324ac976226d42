package dev.vela.behaviour;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.vela.Vela;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.TypedMessageBuilder;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Code written for the official {@link Producer} works with one of ours. */
class DropInIT {
    @AutoClose
    private final Vela vela = Broker.vela();

    @ParameterizedTest
    @CsvSource({"official, 0", "official, 3", "supervised, 0", "supervised, 3"})
    void codeForTheOfficialProducerRunsUnchanged(String kind, int partitions) throws Exception {
        String topic =
                partitions == 0 ? Broker.freshTopic("drop-in") : Broker.freshPartitionedTopic("drop-in", partitions);
        Producer<String> producer = kind.equals("official")
                ? Broker.client().newProducer(Schema.STRING).topic(topic).create()
                : vela.newProducer(Schema.STRING).topic(topic).start();

        sendsInAllWays(producer);
        looksAtIt(producer, topic, partitions);
        closes(producer);

        List<Message<String>> messages = Broker.read(topic, Schema.STRING, 16);
        assertThat(messages)
                .extracting(Message::getValue)
                .contains("send", "sendAsync", "everything", "loaded", "another schema", "bytes key", "async 9")
                .doesNotHaveDuplicates();
        Message<String> everything = messages.stream()
                .filter(message -> message.getValue().equals("everything"))
                .findFirst()
                .orElseThrow();
        assertThat(everything.getKey()).isEqualTo("key");
        assertThat(everything.getOrderingKey()).asString(UTF_8).isEqualTo("ordering");
        assertThat(everything.getProperties()).isEqualTo(Map.of("a", "1", "b", "2"));
        assertThat(everything.getEventTime()).isEqualTo(1_234_567);
    }

    private static void sendsInAllWays(Producer<String> producer) throws Exception {
        assertThat(producer.send("send")).isNotNull();
        assertThat(producer.sendAsync("sendAsync").get(60, TimeUnit.SECONDS)).isNotNull();
        assertThat(producer.newMessage()
                        .key("key")
                        .orderingKey("ordering".getBytes(UTF_8))
                        .property("a", "1")
                        .properties(Map.of("b", "2"))
                        .eventTime(1_234_567)
                        .deliverAfter(1, TimeUnit.MILLISECONDS)
                        .deliverAt(System.currentTimeMillis())
                        .disableReplication()
                        .value("everything")
                        .send())
                .isNotNull();
        producer.newMessage().keyBytes(new byte[] {1, 2}).value("bytes key").send();
        producer.newMessage()
                .loadConf(Map.of(TypedMessageBuilder.CONF_KEY, "key"))
                .value("loaded")
                .send();
        producer.newMessage(Schema.STRING).value("another schema").send();

        List<CompletableFuture<MessageId>> answers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            answers.add(producer.newMessage().value("async " + i).sendAsync());
        }
        producer.flush();
        assertThat(answers).allMatch(CompletableFuture::isDone).noneMatch(CompletableFuture::isCompletedExceptionally);
        producer.flushAsync().get(60, TimeUnit.SECONDS);
    }

    private static void looksAtIt(Producer<String> producer, String topic, int partitions) {
        assertThat(producer.getTopic()).isEqualTo(topic);
        assertThat(producer.getProducerName()).isNotBlank();
        assertThat(producer.getLastSequenceId()).isNotNegative();
        assertThat(producer.getStats()).isNotNull();
        assertThat(producer.isConnected()).isTrue();
        assertThat(producer.getLastDisconnectedTimestamp()).isZero();
        assertThat(producer.getNumOfPartitions()).isEqualTo(partitions);
    }

    private static void closes(Producer<String> producer) throws Exception {
        producer.close();
        producer.closeAsync().get(60, TimeUnit.SECONDS);

        assertThat(producer.isConnected()).isFalse();
        assertThatExceptionOfType(PulsarClientException.class).isThrownBy(() -> producer.send("late"));
        Answers.failure(producer.sendAsync("late"), PulsarClientException.class);
        Answers.failure(producer.newMessage().value("late").sendAsync(), PulsarClientException.class);
    }
}
