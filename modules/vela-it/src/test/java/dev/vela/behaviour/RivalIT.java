package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.vela.HandleState;
import dev.vela.NoProducersAvailableException;
import dev.vela.PartitionedProducer;
import dev.vela.ProducerGroup;
import dev.vela.ProducerState;
import dev.vela.Snapshot;
import dev.vela.Vela;
import dev.vela.VelaEvent;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Test;

/** Another producer takes the topic, or the name. */
class RivalIT {
    private static final Duration LONG = Duration.ofMinutes(1);

    private static Snapshot.Producer onlyOne(ProducerGroup<?> group) {
        return group.snapshot().groups().get(0).producers().get(0);
    }

    private static Producer<String> rival(String topic, ProducerAccessMode mode) throws PulsarClientException {
        return Broker.client()
                .newProducer(Schema.STRING)
                .topic(topic)
                .accessMode(mode)
                .create();
    }

    @Test
    void aFencedProducerSaysSoAndStaysDownUntilRestartedByHand() throws Exception {
        // Given a producer that was fenced by a rival
        String topic = Broker.freshTopic("fenced");
        Queue<VelaEvent> events = new ConcurrentLinkedQueue<>();
        try (Vela vela = new PatientVela(
                Vela.builder().serviceUrl(Broker.url()).listener(events::add).build())) {
            ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                    .topic(topic)
                    .accessMode(ProducerAccessMode.ExclusiveWithFencing)
                    .start();
            group.send("mine");
            try (Producer<String> rival = rival(topic, ProducerAccessMode.ExclusiveWithFencing)) {
                rival.send("theirs");

                // When it sends
                Throwable failure = catchThrowable(() -> group.send("fenced"));

                // Then it knows, says so, and leaves the topic to the rival
                assertThat(failure).hasCauseInstanceOf(PulsarClientException.ProducerFencedException.class);
                await().atMost(LONG).until(() -> onlyOne(group).state() == ProducerState.FENCED);
                assertThat(onlyOne(group).lastCause().orElseThrow())
                        .isInstanceOf(PulsarClientException.ProducerFencedException.class);
                assertThat(group.state()).isEqualTo(HandleState.DOWN);
                assertThat(group.producers()).isEmpty();
                assertThat(catchThrowable(() -> group.send("still fenced")))
                        .isInstanceOf(NoProducersAvailableException.class)
                        .hasCauseInstanceOf(PulsarClientException.ProducerFencedException.class);
                await().atMost(LONG)
                        .untilAsserted(() ->
                                assertThat(events).extracting(VelaEvent::type).contains(VelaEvent.Type.FENCED));
                await().during(Duration.ofSeconds(2))
                        .atMost(LONG)
                        .until(() -> onlyOne(group).state() == ProducerState.FENCED);
                rival.send("theirs still");
            }

            // And once it is asked to, it takes the topic back
            group.restart();
            group.awaitReady(LONG);
            group.send("mine again");
            assertThat(Broker.read(topic, Schema.STRING, 4))
                    .extracting(message -> message.getValue())
                    .containsExactly("mine", "theirs", "theirs still", "mine again");
            assertThat(vela.snapshot().pendingMessages()).isZero();
        }
    }

    @Test
    void restartTakesATopicBackFromALivingRival() throws Exception {
        // Given a producer fenced by a rival that lives on
        String topic = Broker.freshTopic("fenced");
        try (Vela vela = new PatientVela(Vela.connect(Broker.url()));
                Producer<String> ignored = fencedBy(vela, topic)) {
            ProducerGroup<String> group = (ProducerGroup<String>) vela.get("fenced-" + topic, Schema.STRING);

            // When it is restarted, then it fences the rival
            group.restart();
            group.awaitReady(LONG);
            group.send("taken back");
            assertThat(catchThrowable(() -> ignored.send("lost")))
                    .isInstanceOf(PulsarClientException.ProducerFencedException.class);
        }
    }

    @Test
    void aFencedPartitionCostsNoMessageWithoutAKeyAndSendsAgainOnceRestartedByHand() throws Exception {
        // Given four partitions, one of which was fenced by a rival that is gone
        String topic = Broker.freshPartitionedTopic("fenced", 4);
        String fenced = topic + "-partition-2";
        try (Vela vela = new PatientVela(Vela.connect(Broker.url()))) {
            PartitionedProducer<String> producer = vela.newPartitionedProducer(Schema.STRING)
                    .topic(topic)
                    .accessMode(ProducerAccessMode.ExclusiveWithFencing)
                    .start();
            producer.awaitReady(LONG);
            ProducerGroup<String> group = producer.partitionGroups().get(fenced);
            try (Producer<String> rival = rival(fenced, ProducerAccessMode.ExclusiveWithFencing)) {
                rival.send("theirs");
                assertThat(catchThrowable(() -> group.send("fenced"))).isNotNull();
            }
            await().atMost(LONG).until(() -> group.state() == HandleState.DOWN);

            // When messages without a key are sent, then none fails
            List<CompletableFuture<MessageId>> answers = IntStream.range(0, 400)
                    .mapToObj(i -> producer.sendAsync("unkeyed " + i))
                    .toList();
            assertThat(answers).allSatisfy(answer -> assertThat(answer).succeedsWithin(LONG));
            assertThat(group.state()).isEqualTo(HandleState.DOWN);

            // And once it is asked to, it sends to that partition again
            producer.restart();
            await().atMost(LONG).until(() -> producer.state() == HandleState.READY);
            group.send("mine again");
            assertThat(Broker.read(fenced, Schema.STRING, 2))
                    .extracting(message -> message.getValue())
                    .containsExactly("theirs", "mine again");
        }
    }

    private static Producer<String> fencedBy(Vela vela, String topic) throws PulsarClientException {
        ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                .topic(topic)
                .name("fenced-" + topic)
                .accessMode(ProducerAccessMode.ExclusiveWithFencing)
                .start();
        group.send("mine");
        Producer<String> rival = rival(topic, ProducerAccessMode.ExclusiveWithFencing);
        assertThat(catchThrowable(() -> group.send("fenced"))).isNotNull();
        await().atMost(LONG).until(() -> onlyOne(group).state() == ProducerState.FENCED);
        return rival;
    }

    @Test
    void anExclusiveProducerWaitsWhileTheTopicIsTakenAndComesBackWhenItIsFree() throws Exception {
        // Given an exclusive producer that was refused since a rival has the topic
        String topic = Broker.freshTopic("exclusive");
        try (Vela vela = new PatientVela(Vela.connect(Broker.url()))) {
            ProducerGroup<String> group;
            try (Producer<String> rival = rival(topic, ProducerAccessMode.Exclusive)) {
                rival.send("theirs");
                group = vela.newProducerGroup(Schema.STRING)
                        .topic(topic)
                        .accessMode(ProducerAccessMode.Exclusive)
                        .start();
                await().atMost(LONG).until(() -> onlyOne(group).lastCause().isPresent());
                assertThat(onlyOne(group).lastCause().orElseThrow())
                        .isInstanceOf(PulsarClientException.class)
                        .isNotInstanceOf(PulsarClientException.TimeoutException.class);
            }

            // When the rival is gone and it is asked to start again, then it sends
            group.restart();
            group.awaitReady(LONG);
            group.send("mine");
            assertThat(onlyOne(group).state()).isEqualTo(ProducerState.READY);
        }
    }

    @Test
    void aBusyNameIsToldAndTakenOnceItIsFree() throws Exception {
        // Given a rival that has the producer's name
        String topic = Broker.freshTopic("busy");
        String name = Broker.freshName("stable");
        try (Vela vela = new PatientVela(Vela.connect(Broker.url()))) {
            ProducerGroup<String> group;
            Producer<String> rival = Broker.client()
                    .newProducer(Schema.STRING)
                    .topic(topic)
                    .producerName(name + "-0")
                    .create();
            try (rival) {
                group = vela.newProducerGroup(Schema.STRING)
                        .topic(topic)
                        .name(name)
                        .stableNames(true)
                        .start();

                // Then it says so while it waits
                await().atMost(LONG)
                        .untilAsserted(() -> assertThat(onlyOne(group).lastCause())
                                .hasValueSatisfying(cause -> assertThat(cause)
                                        .isInstanceOf(PulsarClientException.ProducerBusyException.class)));
                assertThat(onlyOne(group).name()).isEqualTo(name + "-0");
                assertThat(group.state().toString()).isIn("STARTING", "RESTARTING");
                assertThat(catchThrowable(() -> group.newMessage()
                                .value("v")
                                .timeout(Duration.ofMillis(300))
                                .send()))
                        .isInstanceOf(NoProducersAvailableException.class)
                        .hasCauseInstanceOf(PulsarClientException.ProducerBusyException.class);
            }

            // When the name is free, then it sends by itself
            group.awaitReady(LONG);
            group.send("at last");
        }
    }
}
