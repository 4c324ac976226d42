package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.PartitionedProducer;
import dev.vela.ProducerGroup;
import dev.vela.Snapshot;
import dev.vela.Vela;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** One handle in front of the groups of all partitions. */
class PartitionedIT {
    private static final Duration SOON = Duration.ofMinutes(1);

    @AutoClose
    private final Vela vela = Broker.vela();

    @Test
    void threePartitionsHaveThreeGroupsAndThreeProducers() throws Exception {
        String topic = Broker.freshPartitionedTopic("three", 3);

        PartitionedProducer<String> producer = started(topic);

        assertThat(producer.partitionGroups()).hasSize(3);
        assertThat(producer.producers())
                .extracting(Snapshot.Producer::topic)
                .containsExactly(topic + "-partition-0", topic + "-partition-1", topic + "-partition-2");
        assertThat(producer.getNumOfPartitions()).isEqualTo(3);
    }

    @Test
    void messagesOfOneKeyShareAPartitionAndKeepTheirKeyAndOrder() throws Exception {
        String topic = Broker.freshPartitionedTopic("keyed", 3);
        PartitionedProducer<String> producer = started(topic);

        for (int i = 0; i < 10; i++) {
            producer.newMessage().key("customer").value("v" + i).send();
        }

        List<Message<String>> messages = Broker.read(topic, Schema.STRING, 10);
        assertThat(messages).extracting(Message::getKey).containsOnly("customer");
        assertThat(messages)
                .extracting(Message::getTopicName)
                .hasSize(10)
                .containsOnly(messages.get(0).getTopicName());
        assertThat(messages)
                .extracting(Message::getValue)
                .containsExactlyElementsOf(
                        IntStream.range(0, 10).mapToObj(i -> "v" + i).toList());
    }

    @Test
    void thirtyMessagesWithoutKeyReachAllThreePartitions() throws Exception {
        String topic = Broker.freshPartitionedTopic("unkeyed", 3);
        PartitionedProducer<String> producer = started(topic);

        List<MessageId> receipts = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            receipts.add(producer.send("v" + i));
        }

        assertThat(receipts).extracting(PartitionedIT::partition).contains(0, 1, 2);
        assertThat(Broker.read(topic, Schema.STRING, 30)).hasSize(30);
    }

    @Test
    void twelvePartitionsAreListedInOrderAndAllUsed() throws Exception {
        String topic = Broker.freshPartitionedTopic("twelve", 12);
        PartitionedProducer<String> producer = started(topic);

        for (int i = 0; i < 200; i++) {
            producer.sendAsync("v" + i);
        }
        producer.flush();

        assertThat(producer.partitionGroups().keySet())
                .containsExactlyElementsOf(IntStream.range(0, 12)
                        .mapToObj(i -> topic + "-partition-" + i)
                        .toList());
        assertThat(Broker.read(topic, Schema.STRING, 200))
                .hasSize(200)
                .extracting(Message::getTopicName)
                .containsAll(producer.partitionGroups().keySet());
    }

    @Test
    void receiptCarriesThePartitionAndIsTheIdThatTheConsumerSees() throws Exception {
        String topic = Broker.freshPartitionedTopic("receipt", 3);
        PartitionedProducer<String> producer = started(topic);

        for (ProducerGroup<String> group : producer.partitionGroups().values()) {
            MessageId receipt = group.send("to " + group.getTopic());

            assertThat(group.getTopic()).endsWith("-partition-" + partition(receipt));
            Message<String> message =
                    Broker.read(group.getTopic(), Schema.STRING, 1).get(0);
            assertThat(message.getValue()).isEqualTo("to " + group.getTopic());
            assertThat(message.getMessageId()).isEqualTo(receipt);
        }
        assertThat(Broker.read(topic, Schema.STRING, 3)).hasSize(3);
    }

    private PartitionedProducer<String> started(String topic) throws PulsarClientException {
        PartitionedProducer<String> producer =
                vela.newPartitionedProducer(Schema.STRING).topic(topic).start();
        producer.awaitReady(SOON);
        return producer;
    }

    private static int partition(MessageId receipt) {
        return ((MessageIdAdv) receipt).getPartitionIndex();
    }
}
