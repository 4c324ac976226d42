package dev.vela.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vela.HandleState;
import dev.vela.KeyHash;
import dev.vela.NoProducersAvailableException;
import dev.vela.PartitionedProducer;
import dev.vela.ProducerGroup;
import dev.vela.Vela;
import dev.vela.test.LocalPulsarExtension;
import dev.vela.test.Topic;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The code of the chapter on partitions and keys. */
@Tag("full")
class PartitionsGuideIT {
    private static final Duration LONG = Duration.ofMinutes(2);

    @RegisterExtension
    static final LocalPulsarExtension pulsar = LocalPulsarExtension.shared();

    @Test
    void aKeyKeepsToItsPartitionAndItsProducer(Vela vela, @Topic(partitions = 4) String topic) throws Exception {
        PartitionedProducer<String> orders = vela.newPartitionedProducer(Schema.STRING)
                .topic(topic)
                .producers(2)
                .sendTimeout(LONG)
                .start();

        orders.newMessage().key("ann").value("tea").sendAsync();
        orders.newMessage().key("ann").value("milk").sendAsync();
        orders.flush();

        int partition = KeyHash.PHASH2.partition("ann", orders.getNumOfPartitions());

        List<Message<String>> stored = pulsar.messages(topic, Schema.STRING);
        assertThat(stored).extracting(Message::getValue).containsExactly("tea", "milk");
        assertThat(stored)
                .allSatisfy(message -> assertThat(message.getTopicName()).endsWith("-partition-" + partition));
        assertThat(stored.get(1).getProducerName()).isEqualTo(stored.get(0).getProducerName());
    }

    @Test
    void messagesWithoutAKeyAvoidAPartitionThatIsDown(Vela vela, @Topic(partitions = 4) String topic) throws Exception {
        int sick = KeyHash.PHASH2.partition("ann", 4);
        PartitionedProducer<String> orders = vela.newPartitionedProducer(Schema.STRING)
                .topic(topic)
                .sendTimeout(LONG)
                .start();
        orders.awaitReady(LONG);

        pulsar.terminate(topic + "-partition-" + sick);
        ProducerGroup<String> group = orders.partitionGroups().get(topic + "-partition-" + sick);
        group.sendAsync("too late");
        await().atMost(LONG).until(() -> group.state() == HandleState.DOWN);

        assertThat(orders.state()).isEqualTo(HandleState.DEGRADED);
        List<CompletableFuture<MessageId>> unkeyed = IntStream.range(0, 100)
                .mapToObj(i -> orders.sendAsync("order " + i))
                .toList();
        assertThat(unkeyed).allSatisfy(answer -> assertThat(answer).succeedsWithin(LONG));

        assertThat(orders.newMessage().key("ann").value("tea").sendAsync())
                .failsWithin(LONG)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(NoProducersAvailableException.class);
    }

    @Test
    void newPartitionsAreFound(Vela vela, @Topic(partitions = 2) String topic) throws Exception {
        PartitionedProducer<String> orders = vela.newPartitionedProducer(Schema.STRING)
                .topic(topic)
                .autoUpdatePartitionsInterval(Duration.ofSeconds(1))
                .start();

        pulsar.admin().updatePartitions(topic, 4);

        await().atMost(LONG).until(() -> orders.getNumOfPartitions() == 4);
    }
}
