package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.vela.HandleState;
import dev.vela.NoProducersAvailableException;
import dev.vela.ProducerGroup;
import dev.vela.ProducerState;
import dev.vela.Vela;
import java.time.Duration;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A producer whose schema the broker does not take. */
class SchemaRefusedIT {
    private static final Duration SOON = Duration.ofMinutes(1);

    @AutoClose
    private final Vela vela = Broker.vela();

    private final String namespace = Broker.freshNamespace("refused");
    private final String topic = "persistent://" + namespace + "/persons";

    @BeforeEach
    void registerAnotherSchema() throws PulsarClientException {
        Broker.admin().createTopic(topic);
        try (Producer<SchemasIT.Person> official = Broker.client()
                .newProducer(Schema.AVRO(SchemasIT.Person.class))
                .topic(topic)
                .create()) {
            official.send(SchemasIT.Person.named("Ada"));
        }
    }

    @Test
    void refusedGroupStaysDownFailsSendsAtOnceAndRecoversWhenRestarted() throws Exception {
        // Given
        ProducerGroup<SchemasIT.PersonByNumber> group = vela.newProducerGroup(
                        Schema.AVRO(SchemasIT.PersonByNumber.class))
                .topic(topic)
                .start();

        // Then
        assertThatThrownBy(() -> group.awaitReady(SOON))
                .isInstanceOf(NoProducersAvailableException.class)
                .hasCauseInstanceOf(PulsarClientException.IncompatibleSchemaException.class);
        assertThat(group.state()).isEqualTo(HandleState.DOWN);
        assertThat(group.producers()).isEmpty();
        assertThat(group.snapshot().groups().get(0).producers())
                .singleElement()
                .satisfies(producer -> assertThat(producer.state()).isEqualTo(ProducerState.REFUSED));
        NoProducersAvailableException failure = Answers.notSent(
                group.newMessage()
                        .value(new SchemasIT.PersonByNumber())
                        .timeout(Duration.ofMinutes(10))
                        .sendAsync(),
                NoProducersAvailableException.class);
        assertThat(failure).hasCauseInstanceOf(PulsarClientException.IncompatibleSchemaException.class);

        // When
        Broker.admin().setSchemaCompatibility(namespace, "ALWAYS_COMPATIBLE");
        group.restart();

        // Then
        await().atMost(SOON).untilAsserted(() -> {
            if (group.state() == HandleState.DOWN) {
                group.restart(); // the broker takes a moment to learn of its new policy
            }
            assertThat(group.state()).isEqualTo(HandleState.READY);
        });
        SchemasIT.PersonByNumber person = new SchemasIT.PersonByNumber();
        person.name = 7;
        group.send(person);
        assertThat(Broker.read(topic, Schema.AUTO_CONSUME(), 2))
                .extracting(message -> message.getValue().getField("name"))
                .containsExactly("Ada", 7);
    }

    @Test
    void refusedGroupIsTriedAgainByItself() throws Exception {
        ProducerGroup<SchemasIT.PersonByNumber> group = vela.newProducerGroup(
                        Schema.AVRO(SchemasIT.PersonByNumber.class))
                .topic(topic)
                .refusedRetryInterval(Duration.ofMillis(50))
                .start();
        await().atMost(SOON).until(() -> group.state() == HandleState.DOWN);

        Broker.admin().setSchemaCompatibility(namespace, "ALWAYS_COMPATIBLE");

        await().atMost(SOON).until(() -> group.state() == HandleState.READY);
        group.send(new SchemasIT.PersonByNumber());
        assertThat(Broker.read(topic, Schema.AUTO_CONSUME(), 2))
                .extracting(Message::getProducerName)
                .last()
                .isEqualTo(group.producers().get(0).name());
    }
}
