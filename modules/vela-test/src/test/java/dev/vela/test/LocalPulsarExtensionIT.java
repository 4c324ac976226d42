package dev.vela.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.vela.HandleState;
import dev.vela.ProducerDiedException;
import dev.vela.ProducerState;
import dev.vela.SendTimeoutException;
import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import dev.vela.local.LocalPulsar;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

class LocalPulsarExtensionIT {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Set<String> SEEN = new HashSet<>();

    @RegisterExtension
    static final LocalPulsarExtension pulsar = LocalPulsarExtension.shared();

    private String before;

    @BeforeEach
    void ask(@Topic String topic) {
        before = topic;
    }

    private static SupervisedProducer<String> start(Vela vela, String topic) throws Exception {
        SupervisedProducer<String> producer =
                vela.newProducer(Schema.STRING).topic(topic).start();
        producer.awaitReady(LONG);
        return producer;
    }

    @Test
    void givesATestItsParameters(
            LocalPulsar server,
            LocalPulsarExtension itself,
            PulsarClient client,
            Vela vela,
            @Topic String topic,
            @Topic(value = "wide", partitions = 3) String wide)
            throws Exception {
        assertThat(server).isSameAs(pulsar.pulsar());
        assertThat(itself).isSameAs(pulsar);
        assertThat(vela.client()).isSameAs(client);
        assertThat(topic).isEqualTo(before).startsWith("persistent://" + pulsar.namespace() + "/");
        assertThat(wide).isNotEqualTo(topic);
        assertThat(pulsar.admin().partitions(wide)).isEqualTo(3);

        try (var producer = client.newProducer(Schema.STRING).topic(topic).create()) {
            producer.send("official");
        }
        start(vela, topic).send("supervised");
        assertThat(pulsar.messages(topic, Schema.STRING))
                .extracting(Message::getValue)
                .containsExactly("official", "supervised");
        assertThat(pulsar.messages(wide, Schema.STRING)).isEmpty();
    }

    @Test
    void readsAllPartitions(Vela vela, @Topic(value = "wide", partitions = 3) String wide) throws Exception {
        SupervisedProducer<String> producer = start(vela, wide);
        for (int i = 0; i < 30; i++) {
            producer.newMessage().key("k" + i).value("v" + i).sendAsync();
        }
        producer.flush();

        assertThat(pulsar.messages(wide, Schema.STRING)).hasSize(30);
    }

    @RepeatedTest(2)
    void eachTestHasATopicAndARuntimeOfItsOwn(Vela vela, @Topic String topic) throws Exception {
        assertThat(SEEN.add(topic)).isTrue();
        assertThat(vela.producers()).isEmpty();
        assertThat(pulsar.messages(topic, Schema.STRING)).isEmpty();
        start(vela, topic).send("left behind");
    }

    @Nested
    class OfTheSameClass {
        @Test
        void hasTheSameNamespace(@Topic String topic) {
            assertThat(topic).isEqualTo(before).startsWith("persistent://" + pulsar.namespace() + "/");
            assertThat(pulsar.namespace()).startsWith("public/LocalPulsarExtensionIT-");
        }
    }

    @Nested
    @ExtendWith(LocalPulsarExtension.class)
    class WithAnnotation {
        @Test
        void sharesThePulsar(LocalPulsar server) {
            assertThat(server).isSameAs(pulsar.pulsar());
        }
    }

    /** Compiled on one version of JUnit, it runs on another, too. */
    @Test
    void runsOnTheVersionOfJUnitThatTheBuildSays() {
        assertThat(Test.class.getPackage().getImplementationVersion()).isEqualTo(System.getProperty("vela.test.junit"));
    }

    // ---- faults

    @Test
    void fences(Vela vela, @Topic String topic) throws Exception {
        SupervisedProducer<String> producer = vela.newProducer(Schema.STRING)
                .topic(topic)
                .accessMode(ProducerAccessMode.Exclusive)
                .start();
        producer.awaitReady(LONG);

        pulsar.fence(topic);

        assertThat(catchThrowable(() -> producer.send("fenced")))
                .isInstanceOf(ProducerDiedException.class)
                .hasCauseInstanceOf(PulsarClientException.ProducerFencedException.class);
        await().atMost(LONG).until(() -> state(producer) == ProducerState.FENCED);
    }

    @Test
    void keepsSharedProducersOut(Vela vela, @Topic String topic) throws Exception {
        SupervisedProducer<String> producer = start(vela, topic);

        pulsar.fence(topic);

        producer.sendAsync("kept out");
        await().atMost(LONG).until(() -> producer.state() == HandleState.RESTARTING);
    }

    private static ProducerState state(SupervisedProducer<?> producer) {
        return producer.snapshot().groups().get(0).producers().get(0).state();
    }

    @Test
    void terminates(Vela vela, @Topic String topic) throws Exception {
        SupervisedProducer<String> producer = start(vela, topic);

        pulsar.terminate(topic);

        await().atMost(LONG).until(() -> state(producer) == ProducerState.TERMINATED);
    }

    @Test
    void freezesAndThaws(Vela vela, @Topic String topic) throws Exception {
        SupervisedProducer<String> producer = start(vela, topic);

        pulsar.freeze();
        Throwable failure = catchThrowable(
                () -> producer.newMessage().value("frozen").timeout(SHORT).send());
        pulsar.thaw();

        assertThat(failure).isInstanceOf(SendTimeoutException.class);
        producer.newMessage().value("thawed").timeout(LONG).send();
    }

    @Test
    void unloads(Vela vela, @Topic String topic) throws Exception {
        SupervisedProducer<String> producer = start(vela, topic);
        long connectedAt = producer.getLastDisconnectedTimestamp();

        pulsar.unload(topic);

        await().atMost(LONG).until(() -> producer.getLastDisconnectedTimestamp() > connectedAt);
        producer.newMessage().value("found again").timeout(LONG).send();
    }

    @Test
    void cuts(Vela vela, @Topic String topic) throws Exception {
        SupervisedProducer<String> producer = start(vela, topic);
        long connectedAt = producer.getLastDisconnectedTimestamp();

        pulsar.cut();

        await().atMost(LONG).until(() -> producer.getLastDisconnectedTimestamp() > connectedAt);
        producer.newMessage().value("connected again").timeout(LONG).send();
        assertThat(pulsar.messages(topic, Schema.STRING)).hasSize(1);
    }

    @Test
    void cutsClientsThatJoined(@Topic String topic) throws Exception {
        try (Vela vela = Vela.builder()
                .serviceUrl(pulsar.serviceUrl())
                .customizeClient(pulsar::join)
                .build()) {
            SupervisedProducer<String> producer = start(vela, topic);
            long connectedAt = producer.getLastDisconnectedTimestamp();

            pulsar.cut();

            await().atMost(LONG).until(() -> producer.getLastDisconnectedTimestamp() > connectedAt);
        }
    }
}
