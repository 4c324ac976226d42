package dev.vela.behaviour;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.vela.Batching;
import dev.vela.HandleState;
import dev.vela.MessageRejectedException;
import dev.vela.Outcome;
import dev.vela.PartitionedProducer;
import dev.vela.ProducerGroup;
import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.pulsar.PulsarVersion;
import org.apache.pulsar.client.api.ClientBuilder;
import org.apache.pulsar.client.api.CompressionType;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.ProducerBuilder;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.SizeUnit;
import org.apache.pulsar.client.api.TopicMessageId;
import org.apache.pulsar.client.api.interceptor.ProducerInterceptor;
import org.apache.pulsar.client.api.transaction.Transaction;
import org.apache.pulsar.client.impl.PulsarClientImpl;
import org.apache.pulsar.common.schema.SchemaInfo;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * One pass over all that touches the implementation classes of the official client. The build runs it once for each
 * client in its list, always the same compiled classes with another jar on the class path.
 */
class CompatibilityIT {
    private static final Duration LONG = Duration.ofMinutes(1);

    /** The jar that the build put on the class path, such as {@code pulsar-client-original-4.0.5}. */
    private static final String CLIENT_PROPERTY = "vela.test.client";

    private static Vela vela;

    public record Order(String customer, int amount) {}

    @BeforeAll
    static void connect() throws Exception {
        vela = connect(client -> client.enableTransaction(true));
    }

    @AfterAll
    static void close() {
        close(vela);
    }

    /** Not waited for: the client takes two seconds to end its threads. */
    private static void close(Vela vela) {
        vela.closeAsync(Duration.ZERO);
    }

    private static Vela connect(Consumer<ClientBuilder> customizer) throws Exception {
        return new PatientVela(Vela.builder()
                .serviceUrl(TransactionalBroker.url())
                .customizeClient(customizer)
                .build());
    }

    @Test
    void runsOnTheClientThatTheBuildMeans() throws Exception {
        String client = System.getProperty(CLIENT_PROPERTY);
        assertThat(client).as(CLIENT_PROPERTY).isNotNull();
        System.out.println("The client is " + client + ", " + jarOf(PulsarClientImpl.class));

        assertThat(jarOf(PulsarClientImpl.class)).isEqualTo(client + ".jar");
        assertThat(client).endsWith("-" + PulsarVersion.getVersion());
        assertThat(jarOf(PulsarClient.class)).isEqualTo("pulsar-client-api-" + PulsarVersion.getVersion() + ".jar");
        String resource = PulsarClientImpl.class.getName().replace('.', '/') + ".class";
        assertThat(Collections.list(getClass().getClassLoader().getResources(resource)))
                .as("clients on the class path")
                .hasSize(1);
    }

    private static String jarOf(Class<?> type) {
        String location =
                type.getProtectionDomain().getCodeSource().getLocation().getPath();
        return location.substring(location.lastIndexOf('/') + 1);
    }

    @Test
    void sendsAllThatAMessageCanCarry() throws Exception {
        String topic = TransactionalBroker.freshTopic("carried");
        ProducerGroup<String> group =
                vela.newProducerGroup(Schema.STRING).topic(topic).producers(2).start();
        Instant time = Instant.ofEpochMilli(1_234_567);

        MessageId id = group.newMessage()
                .key("k")
                .orderingKey(new byte[] {1, 2})
                .properties(Map.of("p", "1"))
                .eventTime(time)
                .sequenceId(77)
                .value("v")
                .send();

        Message<String> message =
                TransactionalBroker.read(vela.client(), topic, Schema.STRING, 1).get(0);
        assertThat(message.getValue()).isEqualTo("v");
        assertThat(message.getKey()).isEqualTo("k");
        assertThat(message.getOrderingKey()).containsExactly(1, 2);
        assertThat(message.getProperties()).containsExactly(Map.entry("p", "1"));
        assertThat(message.getEventTime()).isEqualTo(time.toEpochMilli());
        assertThat(message.getSequenceId()).isEqualTo(77);
        assertThat(message.getMessageId().compareTo(id)).isZero();
    }

    @Test
    void sendsToPartitions() throws Exception {
        String topic = TransactionalBroker.freshPartitionedTopic("partitions", 3);
        SupervisedProducer<String> producer =
                vela.newProducer(Schema.STRING).topic(topic).start();

        assertThat(producer).isInstanceOf(PartitionedProducer.class);
        for (int i = 0; i < 30; i++) {
            MessageId id = producer.newMessage().key("k" + i).value("v" + i).send();
            assertThat(MessageId.fromByteArray(id.toByteArray()).toString()).isEqualTo(id.toString());
            assertThat(id.toString()).matches("\\d+:\\d+:[012]");
        }

        List<Message<String>> messages = TransactionalBroker.read(vela.client(), topic, Schema.STRING, 30);
        assertThat(messages)
                .extracting(Message::getValue)
                .doesNotHaveDuplicates()
                .hasSize(30);
        assertThat(messages)
                .extracting(message -> ((TopicMessageId) message.getMessageId()).getOwnerTopic())
                .contains(topic + "-partition-0", topic + "-partition-1", topic + "-partition-2");
    }

    @Test
    void supervisesTheProducersOfAClient() throws Exception {
        String topic = TransactionalBroker.freshPartitionedTopic("supervised", 2);
        ProducerBuilder<String> builder = vela.supervisedClient()
                .newProducer(Schema.STRING)
                .topic(topic)
                .producerName("worker")
                .property("team", "orders");

        try (Producer<String> producer = builder.clone().create()) {
            assertThat(producer).isInstanceOf(PartitionedProducer.class);
            producer.newMessage().key("k").value("v").send();
        }

        Message<String> message =
                TransactionalBroker.read(vela.client(), topic, Schema.STRING, 1).get(0);
        assertThat(message.getProducerName()).isEqualTo("worker");
        assertThatThrownBy(() -> vela.supervisedClient().newProducer().create())
                .hasMessageContaining("Topic name must be set");
    }

    @Test
    void sendsJson() throws Exception {
        String topic = TransactionalBroker.freshTopic("json");
        Schema<Order> schema = Schema.JSON(Order.class);
        ProducerGroup<Order> group = vela.newProducerGroup(schema).topic(topic).start();

        group.send(new Order("c", 3));

        assertThat(TransactionalBroker.read(vela.client(), topic, schema, 1)
                        .get(0)
                        .getValue())
                .isEqualTo(new Order("c", 3));
    }

    @Test
    void rejectsWhatItsSchemaCannotEncode() throws Exception {
        ProducerGroup<Integer> group = vela.newProducerGroup(Schema.INT32)
                .topic(TransactionalBroker.freshTopic("unencodable"))
                .start();

        assertThatThrownBy(() -> group.newMessage(Schema.AUTO_PRODUCE_BYTES(Schema.INT32))
                        .value(new byte[3])
                        .send())
                .isInstanceOf(MessageRejectedException.class);
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void compresses(CompressionType codec) throws Exception {
        String topic = TransactionalBroker.freshTopic("compressed");
        ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                .topic(topic)
                .compressionType(codec)
                .start();
        String value = "compressible ".repeat(1_000);

        group.send(value);

        assertThat(TransactionalBroker.read(vela.client(), topic, Schema.STRING, 1)
                        .get(0)
                        .getValue())
                .isEqualTo(value);
    }

    @Test
    void sendsInChunks() throws Exception {
        String topic = TransactionalBroker.freshPartitionedTopic("chunks", 1);
        PartitionedProducer<byte[]> producer = vela.newPartitionedProducer(Schema.BYTES)
                .topic(topic)
                .enableChunking(true)
                .chunkMaxMessageSize(20_000)
                .start();
        byte[] value = new byte[100_000];
        value[99_999] = 1;

        MessageId id = producer.send(value);

        Message<byte[]> message =
                TransactionalBroker.read(vela.client(), topic, Schema.BYTES, 1).get(0);
        assertThat(message.getValue()).isEqualTo(value);
        assertThat(message.getMessageId().compareTo(id)).isZero();
    }

    @Test
    void sendsInATransaction() throws Exception {
        String topic = TransactionalBroker.freshTopic("transaction");
        ProducerGroup<String> group =
                vela.newProducerGroup(Schema.STRING).topic(topic).start();
        group.awaitReady(LONG);

        Transaction aborted = begin();
        group.newMessage(aborted).value("aborted").send();
        aborted.abort().get(60, TimeUnit.SECONDS);
        Transaction committed = begin();
        group.newMessage(committed).value("committed").send();
        committed.commit().get(60, TimeUnit.SECONDS);

        assertThat(TransactionalBroker.read(vela.client(), topic, Schema.STRING, 1))
                .extracting(Message::getValue)
                .containsExactly("committed");
    }

    private static Transaction begin() throws Exception {
        return vela.client()
                .newTransaction()
                .withTransactionTimeout(1, TimeUnit.MINUTES)
                .build()
                .get(60, TimeUnit.SECONDS);
    }

    @Test
    void rejectsWhatIsTooLarge() throws Exception {
        ProducerGroup<byte[]> group = vela.newProducerGroup(Schema.BYTES)
                .topic(TransactionalBroker.freshTopic("large"))
                .start();
        group.send(new byte[1]);

        assertThatThrownBy(() -> group.send(new byte[6 << 20]))
                .isInstanceOf(MessageRejectedException.class)
                .satisfies(failure -> assertThat(Outcome.of(failure)).isEqualTo(Outcome.NOT_SENT));

        group.send(new byte[1]);
    }

    @Test
    void sendsLaterWhatTheClientsFullMemoryRefused() throws Exception {
        // Given a client that may hold little, so that most messages take more than one attempt
        String topic = TransactionalBroker.freshTopic("memory");
        Vela vela = connect(client -> client.memoryLimit(64, SizeUnit.KILO_BYTES));
        ProducerGroup<byte[]> group =
                vela.newProducerGroup(Schema.BYTES).topic(topic).start();

        // When there is more
        List<CompletableFuture<MessageId>> answers = new ArrayList<>();
        for (byte i = 0; i < 100; i++) {
            byte[] value = new byte[10_000];
            value[0] = i;
            answers.add(group.newMessage().key("k").value(value).sendAsync());
        }

        // Then all arrives, in order
        CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new)).get(60, TimeUnit.SECONDS);
        List<Message<byte[]>> messages = TransactionalBroker.read(vela.client(), topic, Schema.BYTES, 100);
        assertThat(messages).hasSize(100);
        for (byte i = 0; i < 100; i++) {
            assertThat(messages.get(i).getValue()[0]).isEqualTo(i);
        }
        close(vela);
    }

    @Test
    void bringsBackAProducerThatDied() throws Exception {
        String topic = TransactionalBroker.freshTopic("died");
        Saboteur saboteur = new Saboteur();
        ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                .topic(topic)
                .customize(saboteur::join)
                .start();
        group.send("before");

        saboteur.killLast();

        await().atMost(LONG)
                .until(() -> group.snapshot().groups().get(0).producers().get(0).restarts() == 1);
        group.send("after");
        assertThat(TransactionalBroker.read(vela.client(), topic, Schema.STRING, 2))
                .extracting(Message::getValue)
                .containsExactly("before", "after");
    }

    /** What the client says of topics and schemas is not the same in all of its versions. */
    @Test
    void sendsWithASchemaAndAnInterceptorOfTheApplication() throws Exception {
        String topic = TransactionalBroker.freshTopic("own");
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        ProducerGroup<String> group = vela.newProducerGroup(new Shouting())
                .topic(topic)
                .batching(Batching.defaults())
                .customize(builder -> builder.intercept(new Noting(seen)))
                .start();

        group.send("hello");
        group.newMessage(Schema.STRING).key("k").value("there").send();
        group.close();

        // A blocking send may return before interceptors are told of its receipt.
        assertThat(seen)
                .containsExactlyInAnyOrder(topic + " HELLO", "answered", topic + " there", "answered", "closed")
                .endsWith("closed");
        assertThat(TransactionalBroker.read(vela.client(), topic, Schema.STRING, 2))
                .extracting(Message::getValue)
                .containsExactly("HELLO", "there");
    }

    private static final class Shouting implements Schema<String> {
        @Override
        public byte[] encode(String value) {
            return Schema.STRING.encode(value.toUpperCase(Locale.ROOT));
        }

        @Override
        public String decode(byte[] bytes, byte[] version) {
            return Schema.STRING.decode(bytes);
        }

        @Override
        public SchemaInfo getSchemaInfo() {
            return Schema.STRING.getSchemaInfo();
        }

        @Override
        @SuppressWarnings("MethodDoesntCallSuperMethod")
        public Schema<String> clone() {
            return this;
        }
    }

    @SuppressWarnings("rawtypes") // as the interface has them
    private record Noting(Queue<String> seen) implements ProducerInterceptor {
        @Override
        public boolean eligible(Message message) {
            return true;
        }

        @Override
        public Message beforeSend(Producer producer, Message message) {
            seen.add(message.getTopicName() + " " + new String(message.getData(), UTF_8));
            return message;
        }

        @Override
        public void onSendAcknowledgement(
                Producer producer, Message message, @Nullable MessageId id, @Nullable Throwable failure) {
            seen.add("answered");
        }

        @Override
        public void close() {
            seen.add("closed");
        }
    }

    @Test
    void noticesThatAnIdleProducersTopicWasTerminated() throws Exception {
        String topic = TransactionalBroker.freshTopic("terminated");
        ProducerGroup<String> group =
                vela.newProducerGroup(Schema.STRING).topic(topic).start();
        group.send("last");

        TransactionalBroker.pulsar().admin().terminateTopic(topic);

        await().atMost(LONG).until(() -> group.state() == HandleState.DOWN);
    }
}
