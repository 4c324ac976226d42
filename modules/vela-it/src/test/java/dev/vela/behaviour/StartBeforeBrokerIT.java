package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.vela.HandleState;
import dev.vela.Snapshot;
import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.ProducerBuilder;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An application starts before its cluster, with builders that do not wait for a broker. */
class StartBeforeBrokerIT {
    private static final int KEYS = 7;
    private static final int ROUNDS = 200; // the room of a producer paces them: most come once a broker is there

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @AutoClose
    private Vela vela;

    private PulsarClient client;

    @BeforeEach
    void connect() throws Exception {
        vela = new PatientVela(
                Vela.builder().serviceUrl(Broker.url()).waitForBroker(false).build());
        client = vela.supervisedClient();
    }

    @Test
    void messagesWaitForTheirPartitionsAndKeepTheirOrder() throws Exception {
        // Given
        String partitioned = Broker.freshPartitionedTopic("before", 3);
        String plain = Broker.freshTopic("before-plain");
        ProducerBuilder<String> any = client.newProducer(Schema.STRING)
                .sendTimeout(5, TimeUnit.MINUTES)
                .blockIfQueueFull(true)
                .maxPendingMessages(30);
        List<Sender> senders = new ArrayList<>();
        Broker.pulsar().kill();
        try {
            // When producers are created, and send, while no broker is there
            List<CompletableFuture<Producer<String>>> created = List.of(
                    any.clone().topic(partitioned).createAsync(),
                    any.clone()
                            .topic(plain)
                            .enableBatching(false)
                            .accessMode(ProducerAccessMode.Exclusive)
                            .createAsync());
            for (CompletableFuture<Producer<String>> each : created) {
                Producer<String> producer = each.get(60, TimeUnit.SECONDS);
                assertThat(((SupervisedProducer<String>) producer).state()).isEqualTo(HandleState.STARTING);
                assertThat(producer.isConnected()).isTrue();
                assertThat(producer.getNumOfPartitions()).isZero();
                senders.add(new Sender(producer));
            }
            senders.forEach(Sender::sendSome);
            assertThat(senders).allMatch(sender -> sender.answers.stream().noneMatch(CompletableFuture::isDone));
            senders.forEach(sender -> sender.thread.start());
        } finally {
            Broker.pulsar().restart();
        }

        // Then all is stored, in order, though the application sent on meanwhile
        for (Sender sender : senders) {
            sender.end();
        }
        assertThat(senders)
                .extracting(sender -> sender.producer.getNumOfPartitions())
                .containsExactly(3, 0);
        assertThat(vela.snapshot().topics())
                .extracting(Snapshot.Topic::partitions)
                .containsExactly(3, 0);
        assertInOrder(partitioned, senders.get(0));
        assertInOrder(plain, senders.get(1));
    }

    /** Sends numbered messages with the numbers of their keys, from one thread. */
    private static final class Sender implements Runnable {
        private final Producer<String> producer;
        private final Thread thread = new Thread(this);
        private final List<CompletableFuture<MessageId>> answers = new ArrayList<>();
        private int sent;

        Sender(Producer<String> producer) {
            this.producer = producer;
        }

        void sendSome() {
            for (int i = 0; i < 3 * KEYS; i++) {
                String key = String.valueOf(sent % KEYS);
                answers.add(
                        producer.newMessage().key(key).value(key + "-" + sent++).sendAsync());
            }
        }

        @Override
        public void run() {
            for (int i = 0; i < ROUNDS; i++) {
                sendSome();
            }
        }

        void end() throws Exception {
            thread.join(PATIENCE.toMillis());
            assertThat(thread.isAlive()).isFalse();
            producer.flushAsync().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            assertThat(answers).allMatch(answer -> answer.isDone() && !answer.isCompletedExceptionally());
        }
    }

    private static void assertInOrder(String topic, Sender sender) throws Exception {
        Map<String, List<Integer>> byKey = Broker.readAll(topic, Schema.STRING).stream()
                .collect(Collectors.groupingBy(
                        Message::getKey,
                        Collectors.mapping(
                                message -> Integer.valueOf(message.getValue().split("-")[1]), Collectors.toList())));
        for (int key = 0; key < KEYS; key++) {
            int first = key;
            assertThat(byKey.get(String.valueOf(key)))
                    .isEqualTo(IntStream.iterate(first, number -> number < sender.sent, number -> number + KEYS)
                            .boxed()
                            .toList());
        }
    }

    @Test
    void aMessageThatWaitsTooLongTimesOutAndAStopEndsTheWait() throws Exception {
        String topic = Broker.freshTopic("before-timeout");
        Broker.pulsar().kill();
        try {
            Producer<String> hasty = client.newProducer(Schema.STRING)
                    .topic(topic)
                    .sendTimeout(1, TimeUnit.SECONDS)
                    .create();
            Producer<String> patient =
                    client.newProducer(Schema.STRING).topic(topic).create();

            Answers.notSent(hasty.sendAsync("late"), PulsarClientException.TimeoutException.class);
            CompletableFuture<MessageId> waits = patient.sendAsync("waits");
            ((SupervisedProducer<String>) patient).stopAsync(Duration.ZERO);
            Answers.notSent(waits, PulsarClientException.AlreadyClosedException.class);
        } finally {
            Broker.pulsar().restart();
        }
    }

    @Test
    void aStopSendsWhatWaitedIfABrokerComesInTime() throws Exception {
        String topic = Broker.freshPartitionedTopic("before-stop", 2);
        CompletableFuture<MessageId> waits;
        Broker.pulsar().kill();
        try {
            Producer<String> producer = client.newProducer(Schema.STRING)
                    .topic(topic)
                    .sendTimeout(5, TimeUnit.MINUTES)
                    .create();
            waits = producer.sendAsync("waits");
            ((SupervisedProducer<String>) producer).stopAsync(Duration.ofMinutes(3));
        } finally {
            Broker.pulsar().restart();
        }

        assertThat(waits.get(3, TimeUnit.MINUTES)).isNotNull();
    }

    @Test
    void whatABrokerRefusesIsStillThrown() throws Exception {
        String topic = Broker.freshTopic("before-refused");
        Broker.client()
                .newProducer(Schema.STRING)
                .topic(topic)
                .producerName("worker")
                .create();

        assertThatExceptionOfType(PulsarClientException.ProducerBusyException.class)
                .isThrownBy(() -> client.newProducer(Schema.STRING)
                        .topic(topic)
                        .producerName("worker")
                        .create());
        assertThatExceptionOfType(PulsarClientException.IncompatibleSchemaException.class)
                .isThrownBy(() -> client.newProducer(Schema.INT64).topic(topic).create());
        for (String missing : List.of("persistent://public/no-namespace/t", "persistent://no-tenant/ns/t")) {
            Throwable official = catchThrowable(() ->
                    Broker.client().newProducer(Schema.STRING).topic(missing).create());
            assertThat(catchThrowable(() ->
                            client.newProducer(Schema.STRING).topic(missing).create()))
                    .isExactlyInstanceOf(official.getClass());
        }
        assertThat(client.newProducer(Schema.STRING).topic(topic).create().send("a"))
                .isNotNull();
    }
}
