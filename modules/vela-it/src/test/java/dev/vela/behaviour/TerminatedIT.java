package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.vela.Batching;
import dev.vela.HandleState;
import dev.vela.KeyHash;
import dev.vela.NoProducersAvailableException;
import dev.vela.Outcome;
import dev.vela.PartitionedProducer;
import dev.vela.ProducerGroup;
import dev.vela.ProducerState;
import dev.vela.SupervisedProducerBuilder;
import dev.vela.Vela;
import dev.vela.VelaEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClientException.TopicTerminatedException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A terminated topic is noticed, and a terminated partition costs the others nothing. */
class TerminatedIT {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration PATIENT = Duration.ofMinutes(10); // what fails sooner failed not of its timeout
    private static final int PARTITIONS = 4;

    @Test
    void isNoticedByAnIdleProducer() throws Exception {
        // Given an idle producer
        String topic = Broker.freshTopic("terminated");
        Queue<VelaEvent> events = new ConcurrentLinkedQueue<>();
        try (Vela vela = new PatientVela(
                Vela.builder().serviceUrl(Broker.url()).listener(events::add).build())) {
            ProducerGroup<String> group =
                    vela.newProducerGroup(Schema.STRING).topic(topic).start();
            group.awaitReady(LONG);

            // When its topic is terminated
            Broker.admin().terminateTopic(topic);

            // Then it says so, without a send
            await().atMost(LONG)
                    .until(() ->
                            group.snapshot().groups().get(0).producers().get(0).state() == ProducerState.TERMINATED);
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(events)
                            .extracting(VelaEvent::type)
                            .contains(VelaEvent.Type.DIED, VelaEvent.Type.TERMINATED));
            assertThat(group.state()).isEqualTo(HandleState.DOWN);
            assertThat(group.producers()).isEmpty();
            assertThat(catchThrowable(() -> group.send("too late")))
                    .isInstanceOf(NoProducersAvailableException.class)
                    .hasCauseInstanceOf(TopicTerminatedException.class);
            assertThat(vela.snapshot().pendingMessages()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void costsUnkeyedTrafficNothing(boolean batching) throws Exception {
        // Given four partitions under unkeyed traffic
        String topic = Broker.freshPartitionedTopic("terminated", PARTITIONS);
        try (Vela vela = new PatientVela(Vela.connect(Broker.url()))) {
            SupervisedProducerBuilder<String, PartitionedProducer<String>> builder =
                    vela.newPartitionedProducer(Schema.STRING).topic(topic).partitions(PARTITIONS);
            PartitionedProducer<String> producer = (batching ? builder.batching(Batching.defaults()) : builder).start();
            producer.awaitReady(LONG);

            // When one is terminated
            Broker.admin().terminateTopic(topic + "-partition-2");
            ProducerGroup<String> terminated = producer.partitionGroups().get(topic + "-partition-2");
            await().atMost(LONG).until(() -> terminated.state() == HandleState.DOWN);

            // Then no message without a key fails
            List<CompletableFuture<MessageId>> answers = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                answers.add(producer.sendAsync("unkeyed " + i));
            }
            producer.flush();
            assertThat(answers).allMatch(answer -> answer.isDone() && !answer.isCompletedExceptionally());
            assertThat(producer.state()).isEqualTo(HandleState.DEGRADED);
            producer.awaitUsable(Duration.ofMinutes(1));
            assertThat(catchThrowable(() -> producer.awaitReady(Duration.ofMillis(1))))
                    .isInstanceOf(NoProducersAvailableException.class);
        }
    }

    @Test
    void failsTheKeysOfThatPartitionAtOnceAndNoOthers() throws Exception {
        // Given four partitions, one of them terminated
        String topic = Broker.freshPartitionedTopic("terminated", PARTITIONS);
        try (Vela vela = new PatientVela(Vela.connect(Broker.url()))) {
            PartitionedProducer<String> producer = vela.newPartitionedProducer(Schema.STRING)
                    .topic(topic)
                    .partitions(PARTITIONS)
                    .start();
            producer.awaitReady(LONG);
            Broker.admin().terminateTopic(topic + "-partition-1");
            ProducerGroup<String> terminated = producer.partitionGroups().get(topic + "-partition-1");
            await().atMost(LONG).until(() -> terminated.state() == HandleState.DOWN);

            // When keys of all partitions are sent
            List<String> keys = IntStream.range(0, 40).mapToObj(i -> "key-" + i).toList();
            for (String key : keys) {
                CompletableFuture<MessageId> answer = producer.newMessage()
                        .key(key)
                        .value(key)
                        .timeout(PATIENT)
                        .sendAsync();

                // Then those of the terminated one fail, and say why
                if (KeyHash.PHASH2.partition(key, PARTITIONS) == 1) {
                    assertThat(answer)
                            .failsWithin(LONG)
                            .withThrowableOfType(ExecutionException.class)
                            .havingCause()
                            .isInstanceOf(NoProducersAvailableException.class)
                            .satisfies(
                                    failure -> assertThat(Outcome.of(failure)).isEqualTo(Outcome.NOT_SENT))
                            .havingCause()
                            .isInstanceOf(TopicTerminatedException.class);
                } else {
                    assertThat(answer).succeedsWithin(LONG);
                }
            }
            assertThat(vela.snapshot().pendingMessages()).isZero();
        }
    }

    @Test
    void letsALoadThatIsUnderWayGoOn() throws Exception {
        // Given four partitions under load
        String topic = Broker.freshPartitionedTopic("terminated", PARTITIONS);
        try (Vela vela = new PatientVela(Vela.connect(Broker.url()))) {
            PartitionedProducer<String> producer = vela.newPartitionedProducer(Schema.STRING)
                    .topic(topic)
                    .partitions(PARTITIONS)
                    .maxDisconnectedTime(Duration.ofSeconds(3))
                    .start();
            Load load = Load.on(producer, 4, Duration.ofSeconds(4));
            try (load) {
                load.awaitMoreAcknowledged(500, LONG);

                // When one is terminated, of which a busy broker may say no more than that it is fenced
                Broker.admin().terminateTopic(topic + "-partition-0");
                load.awaitMoreAcknowledged(1000, LONG);
            }

            // Then all is answered, what was acknowledged is there, and nothing stays pending; a broker that terminates
            // a topic under load may leave it fenced, also for readers, until it is loaded anew
            load.awaitAnswers(LONG);
            Broker.admin().unloadTopic(topic + "-partition-0");
            load.assertStored(topic);
            await().atMost(LONG).until(() -> vela.snapshot().pendingMessages() == 0);
            assertThat(vela.snapshot().pendingBytes()).isZero();
        }
    }
}
