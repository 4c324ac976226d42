package dev.vela.behaviour;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.MessageRejectedException;
import dev.vela.PartitionedProducer;
import dev.vela.ProducerGroup;
import dev.vela.Vela;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.schema.GenericRecord;
import org.apache.pulsar.common.schema.KeyValue;
import org.apache.pulsar.common.schema.KeyValueEncodingType;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Typed messages. */
class SchemasIT {
    @AutoClose
    private final Vela vela = Broker.vela();

    private final String topic = Broker.freshTopic("schema");

    /** The first form of a message. */
    static class Person {
        public String name;

        static Person named(String name) {
            Person person = new Person();
            person.name = name;
            return person;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Person person && Objects.equals(name, person.name);
        }

        @Override
        public int hashCode() {
            return Objects.hashCode(name);
        }
    }

    /** A later form that readers of the first understand. */
    static class PersonWithMail extends Person {
        public String mail;

        static PersonWithMail of(String name, String mail) {
            PersonWithMail person = new PersonWithMail();
            person.name = name;
            person.mail = mail;
            return person;
        }
    }

    /** A form that says something else under the same name. */
    static class PersonByNumber {
        public int name;
    }

    static List<Schema<Person>> structured() {
        return List.of(Schema.JSON(Person.class), Schema.AVRO(Person.class));
    }

    @ParameterizedTest
    @MethodSource("structured")
    void structuredMessageRoundTripsWithTheVersionOfItsSchema(Schema<Person> schema) throws Exception {
        ProducerGroup<Person> group = start(schema);

        group.send(Person.named("Ada"));

        Message<Person> message = Broker.read(topic, schema, 1).get(0);
        assertThat(message.getValue()).isEqualTo(Person.named("Ada"));
        assertThat(version(message)).isZero();
        GenericRecord generic =
                Broker.read(topic, Schema.AUTO_CONSUME(), 1).get(0).getValue();
        assertThat(generic.getSchemaType()).isEqualTo(schema.getSchemaInfo().getType());
        assertThat(generic.getField("name")).isEqualTo("Ada");
    }

    @Test
    void compatibleEvolutionMakesANewVersion() throws Exception {
        Schema<PersonWithMail> later = Schema.AVRO(PersonWithMail.class);
        start(Schema.AVRO(Person.class)).send(Person.named("Ada"));

        vela.newProducerGroup(later)
                .topic(topic)
                .name("later")
                .start()
                .send(PersonWithMail.of("Bob", "bob@example.org"));

        List<Message<PersonWithMail>> messages = Broker.read(topic, later, 2);
        assertThat(messages).extracting(message -> message.getValue().name).containsExactly("Ada", "Bob");
        assertThat(messages).extracting(message -> message.getValue().mail).containsExactly(null, "bob@example.org");
        assertThat(messages).extracting(SchemasIT::version).containsExactly(0L, 1L);
    }

    @Test
    void messageOfAnotherSchemaThanItsProducers() throws Exception {
        Schema<PersonWithMail> later = Schema.AVRO(PersonWithMail.class);
        ProducerGroup<Person> group = start(Schema.AVRO(Person.class));

        group.send(Person.named("Ada"));
        group.newMessage(later)
                .value(PersonWithMail.of("Bob", "bob@example.org"))
                .send();
        group.send(Person.named("Cy"));

        List<Message<PersonWithMail>> messages = Broker.read(topic, later, 3);
        assertThat(messages).extracting(message -> message.getValue().name).containsExactly("Ada", "Bob", "Cy");
        assertThat(messages).extracting(SchemasIT::version).containsExactly(0L, 1L, 0L);
    }

    @Test
    void messageOfAnIncompatibleSchemaIsRejectedAlone() throws Exception {
        ProducerGroup<Person> group = start(Schema.AVRO(Person.class));
        group.send(Person.named("Ada"));

        MessageRejectedException rejection = Answers.notSent(
                group.newMessage(Schema.AVRO(PersonByNumber.class))
                        .value(new PersonByNumber())
                        .sendAsync(),
                MessageRejectedException.class);

        assertThat(rejection).hasCauseInstanceOf(PulsarClientException.IncompatibleSchemaException.class);
        group.send(Person.named("Bob"));
        assertThat(group.producers().get(0).restarts()).isZero();
        assertThat(Broker.read(topic, Schema.AVRO(Person.class), 2))
                .extracting(Message::getValue)
                .containsExactly(Person.named("Ada"), Person.named("Bob"));
    }

    @Test
    void keyAndValueInOneMessage() throws Exception {
        Schema<KeyValue<String, Person>> schema =
                Schema.KeyValue(Schema.STRING, Schema.JSON(Person.class), KeyValueEncodingType.INLINE);

        start(schema).send(new KeyValue<>("ada", Person.named("Ada")));

        Message<KeyValue<String, Person>> message =
                Broker.read(topic, schema, 1).get(0);
        assertThat(message.getValue()).isEqualTo(new KeyValue<>("ada", Person.named("Ada")));
        assertThat(message.hasKey()).isFalse();
    }

    @Test
    void separatedKeyIsTheKeyOfTheMessageAndPlacesIt() throws Exception {
        String partitioned = Broker.freshPartitionedTopic("separated", 4);
        Schema<KeyValue<String, Integer>> schema =
                Schema.KeyValue(Schema.STRING, Schema.INT32, KeyValueEncodingType.SEPARATED);
        PartitionedProducer<KeyValue<String, Integer>> producer =
                vela.newPartitionedProducer(schema).topic(partitioned).start();

        for (int i = 0; i < 8; i++) {
            producer.send(new KeyValue<>("same", i));
        }

        List<Message<KeyValue<String, Integer>>> messages = Broker.read(partitioned, schema, 8);
        assertThat(messages)
                .extracting(Message::getTopicName)
                .hasSize(8)
                .containsOnly(messages.get(0).getTopicName());
        assertThat(messages.get(7).getValue()).isEqualTo(new KeyValue<>("same", 7));
        assertThat(messages.get(7).getKeyBytes()).asString(UTF_8).isEqualTo("same");
    }

    @Test
    void nullValueArrivesAsNull() throws Exception {
        ProducerGroup<String> group = start(Schema.STRING);

        group.newMessage().key("deleted").value(null).send();
        group.newMessage().key("empty").value("").send();

        List<Message<String>> messages = Broker.read(topic, Schema.STRING, 2);
        assertThat(messages).extracting(Message::getKey).containsExactly("deleted", "empty");
        assertThat(messages).extracting(Message::getValue).containsExactly(null, "");
    }

    @Test
    void encodedBytesArePublishedUnderTheSchemaOfTheTopic() throws Exception {
        Schema<Person> schema = Schema.JSON(Person.class);
        try (Producer<Person> official =
                Broker.client().newProducer(schema).topic(topic).create()) {
            official.send(Person.named("Ada"));
        }

        ProducerGroup<byte[]> group = start(Schema.AUTO_PRODUCE_BYTES());
        group.awaitReady(Duration.ofMinutes(1)); // the schema is known with the first producer
        group.send("{\"name\":\"Bob\"}".getBytes(UTF_8));
        Answers.notSent(group.sendAsync("not JSON".getBytes(UTF_8)), MessageRejectedException.class);

        List<Message<Person>> messages = Broker.read(topic, schema, 2);
        assertThat(messages).extracting(Message::getValue).containsExactly(Person.named("Ada"), Person.named("Bob"));
        assertThat(messages).extracting(SchemasIT::version).containsExactly(0L, 0L);
    }

    private <T> ProducerGroup<T> start(Schema<T> schema) throws PulsarClientException {
        return vela.newProducerGroup(schema).topic(topic).start();
    }

    private static long version(Message<?> message) {
        return ByteBuffer.wrap(message.getSchemaVersion()).getLong();
    }
}
