package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vela.Batching;
import dev.vela.PartitionedProducer;
import dev.vela.SendFailure;
import dev.vela.SupervisedProducerBuilder;
import dev.vela.Vela;
import dev.vela.VelaBuilder;
import dev.vela.local.LocalBroker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One of two brokers is frozen or killed, and messages without a key go on. What that means in seconds is measured by
 * {@link BrokerFrozenFigures}.
 */
@Tag("full")
class BrokerFrozenIT {
    private static final Duration LONG = Duration.ofMinutes(2);

    /**
     * Longer than any test waits: the client's keep-alive, so that it does not notice the frozen broker, and the
     * timeout of each message. A sender that had to wait for either would still wait when the test gives up.
     */
    private static final Duration NEVER = Duration.ofMinutes(10);

    private static final int PER_SECOND = 500;
    private static final int BYTES = 100;

    private static TwoBrokers brokers;

    @BeforeAll
    static void start() {
        brokers = new TwoBrokers();
    }

    @AfterAll
    static void stop() {
        brokers.close();
    }

    private static VelaBuilder runtime() {
        return Vela.builder()
                .serviceUrl(brokers.url())
                .customizeClient(client -> client.keepAliveInterval((int) NEVER.toSeconds(), TimeUnit.SECONDS));
    }

    private static Function<byte[], CompletableFuture<MessageId>> patiently(PartitionedProducer<byte[]> producer) {
        return value -> producer.newMessage().value(value).timeout(NEVER).sendAsync();
    }

    private static PartitionedProducer<byte[]> started(Vela vela, String topic, boolean batching) throws Exception {
        SupervisedProducerBuilder<byte[], PartitionedProducer<byte[]>> builder =
                vela.newPartitionedProducer(Schema.BYTES).topic(topic);
        PartitionedProducer<byte[]> producer = (batching ? builder.batching(Batching.defaults()) : builder).start();
        producer.awaitReady(LONG);
        return producer;
    }

    @Test
    void messagesWithoutAKeyGoToThePartitionsOfTheOther() throws Exception {
        messagesWithoutAKeyGoToThePartitionsOfTheOther("frozen", true);
    }

    @ParameterizedTest
    @CsvSource({"frozen, false", "killed, true"})
    void messagesWithoutAKeyGoToThePartitionsOfTheOther(String fault, boolean batching) throws Exception {
        // Given a steady load on a topic that both brokers serve
        String topic = brokers.freshTopic(fault);
        LocalBroker broker = brokers.broker(1);
        List<String> sick = brokers.partitionsOf(1, topic);
        assertThat(sick).hasSize(TwoBrokers.PARTITIONS / 2);
        try (Vela vela = new PatientVela(runtime().build())) {
            PartitionedProducer<byte[]> producer = started(vela, topic, batching);
            SteadyLoad load = SteadyLoad.on(patiently(producer), PER_SECOND, BYTES);
            try (load) {
                load.awaitMoreAcknowledged(PER_SECOND, LONG);

                // When one of them is frozen, or killed
                if (fault.equals("frozen")) {
                    broker.freeze();
                } else {
                    broker.kill();
                }
                try {
                    // Then sending goes on, hardly anything more goes to its partitions, and the rest is stored
                    load.awaitMoreSent(2 * PER_SECOND, LONG);
                    long stuck = pending(producer, sick);
                    load.awaitMoreSent(2 * PER_SECOND, LONG);
                    assertThat(pending(producer, sick) - stuck).isLessThan(PER_SECOND / 2);
                    load.awaitMoreAcknowledged(2 * PER_SECOND, LONG);
                } finally {
                    putRight(broker);
                }
            }

            // And every message is answered, and its room given back
            assertThat(load.awaitAnswers(LONG)).allMatch(failure -> failure instanceof SendFailure);
            await().atMost(LONG).until(() -> vela.snapshot().pendingMessages() == 0);
            assertThat(vela.snapshot().pendingBytes()).isZero();
        }
    }

    private static void putRight(LocalBroker broker) {
        if (broker.isRunning()) {
            broker.thaw();
        } else {
            broker.restart();
        }
    }

    private static long pending(PartitionedProducer<?> producer, List<String> partitions) {
        return producer.snapshot().groups().stream()
                .filter(group -> partitions.contains(group.topic()))
                .mapToLong(group -> group.pendingMessages())
                .sum();
    }

    @Test
    void partitionsOfAFrozenOneDoNotHoldAllTheRoom() throws Exception {
        partitionsOfAFrozenOneDoNotHoldAllTheRoom(false);
    }

    @ParameterizedTest
    @ValueSource(booleans = true)
    void partitionsOfAFrozenOneDoNotHoldAllTheRoom(boolean batching) throws Exception {
        // Given a runtime with less room than four partitions, and a load that takes all there is
        String topic = brokers.freshTopic("room");
        try (Vela vela = new PatientVela(runtime().maxPendingMessages(1000).build())) {
            PartitionedProducer<byte[]> producer = started(vela, topic, batching);
            SteadyLoad load = SteadyLoad.on(patiently(producer), 0, BYTES);
            try (load) {
                load.awaitMoreAcknowledged(5000, LONG);

                // When one broker is frozen, then as much goes on through the other
                brokers.broker(1).freeze();
                try {
                    load.awaitMoreAcknowledged(20_000, LONG);
                } finally {
                    brokers.broker(1).thaw();
                }
            }
            assertThat(load.awaitAnswers(LONG)).allMatch(failure -> failure instanceof SendFailure);
            await().atMost(LONG).until(() -> vela.snapshot().pendingMessages() == 0);
            assertThat(vela.snapshot().pendingBytes()).isZero();
        }
    }
}
