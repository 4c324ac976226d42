package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.vela.HandleState;
import dev.vela.NoProducersAvailableException;
import dev.vela.PartitionedProducer;
import dev.vela.ProducerGroup;
import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import dev.vela.local.LocalAdminException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A producer starts for what the topic's metadata says, and creates nothing that is not in it. */
class TopicMetadataIT {
    private static final Duration SOON = Duration.ofMinutes(1);

    @AutoClose
    private final Vela vela = Broker.vela();

    @Test
    void startedForAnyTopicItTurnsOutToBeWhatTheTopicIs() throws Exception {
        String plain = Broker.freshTopic("plain");
        String partitioned = Broker.freshPartitionedTopic("partitioned", 2);

        assertThat(vela.newProducer(Schema.STRING).topic(plain).start()).isInstanceOf(ProducerGroup.class);
        assertThat(vela.newProducer(Schema.STRING).topic(partitioned).start()).isInstanceOf(PartitionedProducer.class);
    }

    @Test
    void partitionedProducerOfATopicWithoutPartitionsIsRefused() {
        String plain = Broker.freshTopic("plain");

        assertThatExceptionOfType(PulsarClientException.InvalidConfigurationException.class)
                .isThrownBy(() ->
                        vela.newPartitionedProducer(Schema.STRING).topic(plain).start())
                .withMessageContaining(plain + " has no partitions");
        assertThat(vela.find(plain)).isEmpty();
    }

    @Test
    void groupOnAPartitionedTopicIsRefusedAndSaysWhy() throws Exception {
        String topic = Broker.freshPartitionedTopic("mistaken", 2);

        ProducerGroup<String> group =
                vela.newProducerGroup(Schema.STRING).topic(topic).start();

        assertThatThrownBy(() -> group.awaitReady(SOON))
                .isInstanceOf(NoProducersAvailableException.class)
                .hasMessageContaining("is partitioned (2 partitions)");
        assertThat(group.state()).isEqualTo(HandleState.DOWN);
        Answers.notSent(group.sendAsync("v"), NoProducersAvailableException.class);
    }

    @Test
    void partitionBeyondTheMetadataIsNotCreatedButWaitedFor() throws Exception {
        // Given
        String topic = Broker.freshPartitionedTopic("beyond", 2);
        PartitionedProducer<String> producer = vela.newPartitionedProducer(Schema.STRING)
                .topic(topic)
                .partitions(3)
                .start();
        await().atMost(SOON).until(() -> producer.producers().size() == 2);
        ProducerGroup<String> missing = producer.partitionGroups().get(topic + "-partition-2");

        // When
        for (int i = 0; i < 20; i++) {
            producer.send("v" + i);
        }

        // Then
        assertThat(producer.state()).isEqualTo(HandleState.DEGRADED);
        assertThat(lastCause(missing))
                .hasValueSatisfying(cause -> assertThat(cause).hasMessageContaining("has 2 partitions"));
        assertThatExceptionOfType(LocalAdminException.class)
                .isThrownBy(() -> Broker.admin().stats(topic + "-partition-2"));

        // When
        Broker.admin().updatePartitions(topic, 3);

        // Then
        producer.awaitReady(SOON);
        missing.send("at last");
        assertThat(Broker.read(topic, Schema.STRING, 21)).hasSize(21);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-partition-01", "-partition-007"})
    void topicOfItsOwnWhoseNameOnlyLooksLikeAPartitionIsOne(String suffix) throws Exception {
        String topic = Broker.freshPartitionedTopic("looks", 2) + suffix;
        SupervisedProducer<String> producer =
                vela.newProducer(Schema.STRING).topic(topic).start();

        MessageId id = producer.send("v");

        assertThat(producer).isInstanceOf(ProducerGroup.class);
        Answers.assertSameId(id, Broker.read(topic, Schema.STRING, 1).get(0).getMessageId());
    }

    @ParameterizedTest
    @ValueSource(strings = {"persistent://public/default/nowhere-at-all", "persistent://public/no-such-namespace/t"})
    void partitionOfATopicThatDoesNotExistSaysSo(String topic) throws Exception {
        ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                .topic(topic + "-partition-0")
                .failFast(true)
                .start();

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(lastCause(group))
                        .hasValueSatisfying(cause -> assertThat(cause)
                                .isInstanceOf(PulsarClientException.NotFoundException.class)
                                .hasMessageContaining("partition 0 of " + topic + " is not there")
                                .hasMessageContaining("does not exist")));
    }

    @Test
    void startInANamespaceThatDoesNotExistFailsAsWithTheOfficialClientAndSaysSo() {
        String topic = "persistent://public/no-such-namespace/t";

        assertThatExceptionOfType(PulsarClientException.TopicDoesNotExistException.class)
                .isThrownBy(() -> vela.newProducer(Schema.STRING).topic(topic).start())
                .withMessageContaining(topic + " does not exist, or its namespace does not");
        assertThatExceptionOfType(PulsarClientException.TopicDoesNotExistException.class)
                .isThrownBy(() ->
                        Broker.client().newProducer(Schema.STRING).topic(topic).create());
        assertThat(vela.find(topic)).isEmpty();
    }

    @Test
    void partitionOfATopicWithoutPartitionsIsNotAllowedAsWithTheOfficialClient() throws Exception {
        String topic = Broker.freshTopic("plain");
        ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                .topic(topic + "-partition-0")
                .start();

        assertThatThrownBy(() -> group.awaitReady(SOON))
                .isInstanceOf(NoProducersAvailableException.class)
                .hasCauseInstanceOf(PulsarClientException.NotAllowedException.class)
                .hasMessageContaining("is not partitioned");
        assertThatExceptionOfType(PulsarClientException.NotAllowedException.class)
                .isThrownBy(() -> Broker.client()
                        .newProducer(Schema.STRING)
                        .topic(topic + "-partition-0")
                        .create());
    }

    @Test
    void groupOfAPartitionThatIsNotThereDoesNotCreateIt() throws Exception {
        String topic = Broker.freshPartitionedTopic("beyond", 1);

        ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                .topic(topic + "-partition-7")
                .failFast(true)
                .start();

        await().atMost(SOON).until(() -> lastCause(group).isPresent());
        assertThat(Answers.notSent(group.sendAsync("v"), NoProducersAvailableException.class))
                .hasMessageContaining("partition 7 of " + topic + " is not there");
        assertThatExceptionOfType(LocalAdminException.class)
                .isThrownBy(() -> Broker.admin().stats(topic + "-partition-7"));
    }

    @Test
    void topicThatMayNotBeCreatedByClientsIsWaitedForUntilItIsThere() throws Exception {
        // Given
        String namespace = Broker.freshNamespace("made-by-hand");
        Broker.admin().setAutoTopicCreation(namespace, false);
        String topic = "persistent://" + namespace + "/t";
        ProducerGroup<String> group =
                vela.newProducerGroup(Schema.STRING).topic(topic).start();

        // When
        CompletableFuture<MessageId> early = group.sendAsync("early");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(lastCause(group))
                        .hasValueSatisfying(cause -> assertThat(cause)
                                .isInstanceOf(PulsarClientException.TopicDoesNotExistException.class)
                                .hasMessageContaining(topic + " does not exist")));
        assertThat(group.state()).isEqualTo(HandleState.STARTING);
        Broker.admin().createTopic(topic);

        // Then
        Answers.receipt(early);
        assertThat(Broker.readAll(topic, Schema.STRING))
                .extracting(Message::getValue)
                .containsExactly("early");
    }

    private static Optional<Throwable> lastCause(SupervisedProducer<?> group) {
        return group.snapshot().groups().get(0).producers().get(0).lastCause();
    }
}
