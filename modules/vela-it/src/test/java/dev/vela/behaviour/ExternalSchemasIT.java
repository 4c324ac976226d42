package dev.vela.behaviour;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.vela.MessageRejectedException;
import dev.vela.NoProducersAvailableException;
import dev.vela.PartitionedProducer;
import dev.vela.ProducerGroup;
import dev.vela.ProducerState;
import dev.vela.ProducerWaitingException;
import dev.vela.Vela;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.common.schema.KeyValue;
import org.apache.pulsar.common.schema.KeyValueEncodingType;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Schemas that are not the client's own, and those that are known only once the client has looked them up. */
class ExternalSchemasIT {
    private static final Duration LONG = Duration.ofMinutes(1);

    @AutoClose
    private final Vela vela = Broker.vela();

    private final RegistrySchema schema = new RegistrySchema();

    @Test
    void outlivesTheDeathOfAProducerAndIsClosedOnceWithTheHandle() throws Exception {
        // Given a partitioned topic of which one producer has died
        Saboteur saboteur = new Saboteur();
        String topic = Broker.freshPartitionedTopic("registry", 3);
        PartitionedProducer<String> producer = vela.newPartitionedProducer(schema)
                .topic(topic)
                .customize(saboteur::join)
                .start();
        producer.awaitReady(LONG);
        producer.newMessage().value("before").timeout(LONG).send();
        saboteur.killLast();
        await().atMost(LONG)
                .until(() -> producer.snapshot().groups().stream()
                        .anyMatch(group -> group.producers().get(0).restarts() == 1));

        // When messages are sent, then they are encoded, for the topic as the official producer names it
        for (int i = 0; i < 6; i++) {
            producer.newMessage().key("k" + i).value("m" + i).timeout(LONG).send();
        }
        assertThat(schema.topics).hasSize(7).containsOnly(topic);
        assertThat(schema.closings).hasValue(0);

        // And the schema is closed with the handle, once, and not asked any more
        producer.close();
        Answers.notSent(producer.sendAsync("late"), NoProducersAvailableException.class);
        assertThat(schema.closings).hasValue(1);
        vela.close();
        assertThat(schema.closings).hasValue(1);
        assertThat(Broker.read(topic, Schema.STRING, 7)).hasSize(7);
    }

    @Test
    void seesTheTopicForMessagesOfAnotherSchemaAndInPairs() throws Exception {
        String topic = Broker.freshTopic("registry");
        ProducerGroup<byte[]> group =
                vela.newProducerGroup(Schema.BYTES).topic(topic).start();
        group.newMessage(schema).value("alone").send();
        assertThat(schema.topics).containsExactly(topic);

        String pairs = Broker.freshTopic("registry-pairs");
        RegistrySchema keys = new RegistrySchema();
        ProducerGroup<KeyValue<String, String>> ofPairs = vela.newProducerGroup(
                        Schema.KeyValue(keys, schema, KeyValueEncodingType.SEPARATED))
                .topic(pairs)
                .start();
        ofPairs.send(new KeyValue<>("k", "v"));

        assertThat(keys.topics).containsExactly(pairs);
        assertThat(schema.topics).containsExactly(topic, pairs);
        Message<byte[]> message = Broker.read(pairs, Schema.BYTES, 1).get(0);
        assertThat(message.getKeyBytes()).isEqualTo("k".getBytes(UTF_8));
    }

    @Test
    void encodedBytesMayBeSentBeforeTheSchemaOfTheTopicIsKnown() throws Exception {
        // Given a topic with a schema
        String topic = Broker.freshTopic("auto");
        try (Producer<Integer> official =
                Broker.client().newProducer(Schema.INT32).topic(topic).create()) {
            official.send(7);
        }

        // When bytes are sent as soon as the handle is there, in each way
        byte[] eight = Schema.INT32.encode(8);
        ProducerGroup<byte[]> group =
                vela.newProducerGroup(Schema.AUTO_PRODUCE_BYTES()).topic(topic).start();
        CompletableFuture<MessageId> first = group.sendAsync(eight);
        group.newMessage().key("k").value(eight).send();

        // Then all are stored, and only what can never be encoded is rejected
        Answers.receipt(first);
        Answers.notSent(group.sendAsync(new byte[] {1}), MessageRejectedException.class);
        assertThat(Broker.read(topic, Schema.INT32, 3))
                .extracting(Message::getValue)
                .containsExactly(7, 8, 8);
    }

    /** The application goes on to encode as it did; it does not know that a producer died, and another one came. */
    @Test
    void encodedBytesKeepTheVersionOfTheSchemaThatTheHandleBeganWith() throws Exception {
        // Given encoded bytes in a topic with a schema
        Saboteur saboteur = new Saboteur();
        String topic = Broker.freshTopic("auto-version");
        Schema<SchemasIT.Person> first = Schema.AVRO(SchemasIT.Person.class);
        Broker.client().newProducer(first).topic(topic).create().close();
        byte[] ada = first.encode(SchemasIT.Person.named("Ada"));
        ProducerGroup<byte[]> group = vela.newProducerGroup(Schema.AUTO_PRODUCE_BYTES())
                .topic(topic)
                .customize(saboteur::join)
                .start();
        group.newMessage().value(ada).timeout(LONG).send();

        // When the topic gets a later version, and the producer dies
        Broker.client()
                .newProducer(Schema.AVRO(SchemasIT.PersonWithMail.class))
                .topic(topic)
                .create()
                .close();
        saboteur.killLast();
        await().atMost(LONG).until(() -> group.producers().stream().anyMatch(each -> each.restarts() == 1));
        group.newMessage().value(ada).timeout(LONG).send();

        // Then both messages say by which version they can be read
        List<Message<SchemasIT.Person>> messages = Broker.read(topic, first, 2);
        assertThat(messages).extracting(Message::getValue).containsOnly(SchemasIT.Person.named("Ada"));
        assertThat(messages.get(1).getSchemaVersion()).isEqualTo(messages.get(0).getSchemaVersion());
    }

    @Test
    void bytesAreRefusedAtOnceByAStandbyAsOtherValuesAre() throws Exception {
        // Given a producer that waits for exclusive access to a topic with a schema
        String topic = Broker.freshTopic("auto-standby");
        try (Producer<Integer> rival = Broker.client()
                .newProducer(Schema.INT32)
                .topic(topic)
                .accessMode(ProducerAccessMode.Exclusive)
                .create()) {
            rival.send(7);
            ProducerGroup<byte[]> group = vela.newProducerGroup(Schema.AUTO_PRODUCE_BYTES())
                    .topic(topic)
                    .accessMode(ProducerAccessMode.WaitForExclusive)
                    .start();
            await().atMost(LONG)
                    .until(() -> group.snapshot().groups().get(0).producers().stream()
                            .allMatch(each -> each.state() == ProducerState.WAITING));

            Answers.notSent(
                    group.newMessage()
                            .value(Schema.INT32.encode(8))
                            .timeout(Duration.ofSeconds(5))
                            .sendAsync(),
                    ProducerWaitingException.class);
        }
    }

    @Test
    void bytesAreNotRejectedWhileNoProducerCanBeHad() throws Exception {
        // Given a handle whose first producer cannot be created yet
        Gate gate = new Gate();
        String topic = Broker.freshTopic("auto-gate");
        ProducerGroup<byte[]> group = vela.newProducerGroup(Schema.AUTO_PRODUCE_BYTES())
                .topic(topic)
                .customize(gate::pass)
                .startupDelay(Duration.ofHours(1))
                .start();

        // When bytes are sent, then they wait for as long as they may
        assertThatThrownBy(() -> group.newMessage()
                        .key("k")
                        .value(new byte[1])
                        .timeout(Duration.ofMillis(100))
                        .send())
                .isInstanceOf(NoProducersAvailableException.class);
        CompletableFuture<MessageId> waiting = CompletableFuture.supplyAsync(() -> group.sendAsync(new byte[1]))
                .thenCompose(answer -> answer);

        // And no longer than the handle lives
        group.stop(Duration.ZERO);
        Answers.notSent(waiting, NoProducersAvailableException.class);
    }
}
