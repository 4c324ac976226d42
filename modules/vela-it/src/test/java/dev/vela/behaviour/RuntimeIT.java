package dev.vela.behaviour;

import static dev.vela.VelaEvent.Type.READY;
import static dev.vela.VelaEvent.Type.STARTED;
import static dev.vela.VelaEvent.Type.STOPPED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.vela.AlreadyStartedException;
import dev.vela.HandleState;
import dev.vela.ProducerGroup;
import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import dev.vela.VelaEvent;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.ServiceUrlProvider;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Names in a runtime, and what it tells. */
class RuntimeIT {
    private static final Duration SOON = Duration.ofMinutes(1);

    private final Journal journal = new Journal();

    @AutoClose
    private final Vela vela = new PatientVela(
            Vela.builder().client(Broker.client()).listener(journal).build());

    private final String topic = Broker.freshTopic("runtime");

    RuntimeIT() throws PulsarClientException {}

    @Test
    void startedTwiceUnderOneNameIsRefusedAndCarriesTheExistingHandle() throws Exception {
        ProducerGroup<String> first = start("orders");

        assertThatExceptionOfType(AlreadyStartedException.class)
                .isThrownBy(() -> start("orders"))
                .satisfies(refusal -> assertThat(refusal.existing()).isSameAs(first))
                .withMessageContaining("orders");

        assertThat(first.state()).isNotEqualTo(HandleState.STOPPED);
    }

    @Test
    void nameIsFreeAgainOnceItsHolderHasStopped() throws Exception {
        ProducerGroup<String> first = start("orders");
        first.close();

        ProducerGroup<String> second = start("orders");

        assertThat(second).isNotSameAs(first);
        second.send("v");
        assertThat(first.state()).isEqualTo(HandleState.STOPPED);
    }

    @Test
    void unknownNameIsNotFound() {
        assertThat(vela.find("nobody")).isEmpty();
        assertThatExceptionOfType(PulsarClientException.NotFoundException.class)
                .isThrownBy(() -> vela.get("nobody", Schema.STRING))
                .withMessageContaining("nobody");
        Answers.failure(vela.stopAsync("nobody", Duration.ZERO), PulsarClientException.NotFoundException.class);
    }

    @Test
    void nameAskedForWithAnotherSchemaIsRefused() throws Exception {
        start("orders");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> vela.get("orders", Schema.INT64))
                .withMessageContaining("orders");
    }

    /** One of two kinds of event. */
    static final class Placed {
        public String order;
    }

    /** The other one. */
    static final class Cancelled {
        public String order;
    }

    @Test
    void nameAskedForWithTheSchemaOfAnotherClassOfTheApplicationIsRefused() throws Exception {
        SupervisedProducer<Placed> placed = vela.newProducerGroup(Schema.JSON(Placed.class))
                .topic(topic)
                .name("placed")
                .start();

        assertThat(vela.get("placed", Schema.JSON(Placed.class))).isSameAs(placed);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> vela.get("placed", Schema.JSON(Cancelled.class)))
                .withMessageContaining("Placed")
                .withMessageContaining("Cancelled");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> vela.get("placed", Schema.AVRO(Placed.class)))
                .withMessageContaining("AvroSchema");
    }

    @Test
    void sendsByNameAndByHandleAndTellsEventsInOrder() throws Exception {
        // When
        ProducerGroup<String> group = start("orders");
        group.send("by handle");
        vela.get("orders", Schema.STRING).send("by name");
        String producer = group.producers().get(0).name();
        Answers.value(vela.stopAsync("orders", SOON));

        // Then
        assertThat(Broker.read(topic, Schema.STRING, 2))
                .extracting(Message::getValue)
                .containsExactly("by handle", "by name");
        assertThat(vela.find("orders")).isEmpty();
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(journal.types("orders")).containsExactly(STARTED, STARTED, READY, STOPPED, STOPPED));
        assertThat(journal.of("orders"))
                .extracting(event -> event.producer().orElse("the whole"))
                .containsExactly("the whole", producer, producer, producer, "the whole");
        assertThat(journal.of("orders")).extracting(VelaEvent::topic).containsOnly(topic);
        assertThat(journal.of("orders")).extracting(VelaEvent::time).isSorted();
    }

    @Test
    void nameIsTheTopicUnlessItIsGiven() throws Exception {
        SupervisedProducer<String> group =
                vela.newProducerGroup(Schema.STRING).topic(topic).start();

        assertThat(vela.find(topic)).containsSame(group);
        group.awaitReady(SOON);
        assertThat(group.producers().get(0).name()).startsWith(topic + "-0-");
    }

    @Test
    void instancesOfOneGroupHaveProducerNamesOfTheirOwnUnlessTheyAreStable() throws Exception {
        ProducerGroup<String> group = start("orders");
        ProducerGroup<String> stable = vela.newProducerGroup(Schema.STRING)
                .topic(topic)
                .name("stable-" + topic)
                .producers(2)
                .stableNames(true)
                .start();
        group.awaitReady(SOON);
        stable.awaitReady(SOON);

        assertThat(group.producers().get(0).name()).matches("orders-0-[0-9a-f]{8}");
        assertThat(stable.producers())
                .extracting(producer -> producer.name())
                .containsExactly("stable-" + topic + "-0", "stable-" + topic + "-1");
    }

    @Test
    void closedRuntimeHasStoppedAllAndStartsNothing() throws Exception {
        ProducerGroup<String> group = start("orders");
        group.send("v");

        vela.close();

        assertThat(group.state()).isEqualTo(HandleState.STOPPED);
        assertThat(vela.producers()).isEmpty();
        assertThatExceptionOfType(PulsarClientException.AlreadyClosedException.class)
                .isThrownBy(() -> start("orders"));
        assertThat(vela.client().isClosed()).isFalse();
        vela.close();
    }

    /** As with {@code AutoClusterFailover}: the provider names the cluster, and may name another one later. */
    @Test
    void connectsToTheClusterThatAProviderNamesAndMovesToTheNext() throws Exception {
        AtomicReference<PulsarClient> given = new AtomicReference<>();
        ServiceUrlProvider provider = new ServiceUrlProvider() {
            @Override
            public void initialize(PulsarClient client) {
                given.set(client);
            }

            @Override
            public String getServiceUrl() {
                return Broker.url();
            }
        };
        try (Vela provided = new PatientVela(Vela.builder()
                .customizeClient(client -> client.serviceUrlProvider(provider))
                .build())) {
            ProducerGroup<String> group =
                    provided.newProducerGroup(Schema.STRING).topic(topic).start();
            group.send("here");

            given.get().updateServiceUrl(Broker.url().replace("127.0.0.1", "localhost"));
            group.send("there");
        }
        assertThat(Broker.read(topic, Schema.STRING, 2))
                .extracting(Message::getValue)
                .containsExactly("here", "there");
    }

    private ProducerGroup<String> start(String name) throws PulsarClientException {
        return vela.newProducerGroup(Schema.STRING).topic(topic).name(name).start();
    }
}
