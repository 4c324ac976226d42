package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.vela.HandleState;
import dev.vela.ProducerState;
import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.pulsar.client.api.BatcherBuilder;
import org.apache.pulsar.client.api.CompressionType;
import org.apache.pulsar.client.api.HashingScheme;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.api.MessageRouter;
import org.apache.pulsar.client.api.MessageRoutingMode;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.ProducerBuilder;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Reader;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.TopicMetadata;
import org.apache.pulsar.client.api.interceptor.ProducerInterceptor;
import org.apache.pulsar.client.impl.ChunkMessageIdImpl;
import org.apache.pulsar.client.impl.ProducerBuilderImpl;
import org.apache.pulsar.common.naming.TopicName;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Code that knows only the official client publishes through supervised producers, and notices nothing. */
class SupervisedClientIT {
    @AutoClose
    private final Vela vela = Broker.vela();

    private final PulsarClient client = vela.supervisedClient();

    @Test
    void aClientIsSupervisedByOneLine() throws Exception {
        // Given
        PulsarClient own = PulsarClient.builder().serviceUrl(Broker.url()).build();
        PulsarClient supervised = Vela.supervise(own);
        String topic = Broker.freshTopic("one-line");

        // When
        Producer<String> producer =
                supervised.newProducer(Schema.STRING).topic(topic).create();
        producer.send("a");
        producer.sendAsync("b");
        supervised.close();

        // Then
        assertThat(producer).isInstanceOf(SupervisedProducer.class);
        assertThat(values(topic)).containsExactly("a", "b");
        assertThat(own.isClosed()).isTrue();
        assertThat(supervised.isClosed()).isTrue();
        assertThat(producer.isConnected()).isFalse();
    }

    @Test
    void aSupervisedClientIsNotSupervisedTwice() {
        assertThat(Vela.supervise(client)).isSameAs(client);
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> Vela.on(client))
                .withMessageContaining("client must not be");
    }

    @Test
    void allElseIsTheClientUnderneath() throws Exception {
        // Given
        String topic = Broker.freshPartitionedTopic("all-else", 2);
        Producer<String> producer =
                client.newProducer(Schema.STRING).topic(topic).create();

        // When, Then
        assertThat(client.getPartitionsForTopic(topic, false).get()).hasSize(2);
        producer.send("a");
        try (Reader<String> reader = client.newReader(Schema.STRING)
                .topic(topic)
                .startMessageId(MessageId.earliest)
                .create()) {
            assertThat(reader.readNext(60, TimeUnit.SECONDS).getValue()).isEqualTo("a");
        }
    }

    // ---- what a builder says

    @Test
    void aBuilderIsTheClientsOwnKind() throws Exception {
        String topic = Broker.freshTopic("kind");
        ProducerBuilder<String> builder = client.newProducer(Schema.STRING);

        assertThat(builder).isInstanceOf(ProducerBuilderImpl.class);
        builder.loadConf(Map.of("topicName", topic, "producerName", "loaded"));
        ProducerBuilder<String> copy = builder.clone();
        builder.producerName("changed later");
        try (Producer<String> producer = copy.create()) {
            assertThat(producer.getProducerName()).isEqualTo("loaded");
            assertThat(producer).isInstanceOf(SupervisedProducer.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void theGivenNameIsTheNameAtTheBroker(int partitions) throws Exception {
        // Given
        String topic = topic("named", partitions);
        Producer<String> producer = client.newProducer(Schema.STRING)
                .topic(topic)
                .producerName("worker-1")
                .create();

        // When
        for (int i = 0; i < 6; i++) {
            producer.newMessage().key("k" + i).value("v" + i).send();
        }

        // Then
        assertThat(producer.getProducerName()).isEqualTo("worker-1");
        assertThat(Broker.readAll(topic, Schema.STRING))
                .hasSize(6)
                .extracting(Message::getProducerName)
                .containsOnly("worker-1");
    }

    @Test
    void aSecondProducerOfAGivenNameIsBusyUntilTheFirstIsClosed() throws Exception {
        // Given
        String topic = Broker.freshTopic("busy");
        ProducerBuilder<String> builder =
                client.newProducer(Schema.STRING).topic(topic).producerName("worker");
        Producer<String> first = builder.create();

        // When, Then
        assertThatExceptionOfType(PulsarClientException.ProducerBusyException.class)
                .isThrownBy(builder::create)
                .withMessageContaining("Producer with name 'worker' is already connected to topic");
        assertThatExceptionOfType(PulsarClientException.ProducerBusyException.class)
                .isThrownBy(() -> Broker.client()
                        .newProducer(Schema.STRING)
                        .topic(topic)
                        .producerName("worker")
                        .create());
        first.close();
        builder.create().send("second");
        assertThat(values(topic)).containsExactly("second");
    }

    @Test
    void derivedNamesDoNotCollide() throws Exception {
        // Given
        String topic = Broker.freshTopic("derived");

        // When
        for (int i = 0; i < 3; i++) {
            client.newProducer(Schema.STRING).topic(topic).create().send("m" + i);
        }

        // Then
        assertThat(vela.producers()).extracting(SupervisedProducer::name).contains(topic, topic + "~1", topic + "~2");
        assertThat(Broker.readAll(topic, Schema.STRING))
                .extracting(Message::getProducerName)
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource
    void keysGoWhereTheOfficialClientPutsThem(HashingScheme scheme) throws Exception {
        // Given
        String topic = Broker.freshPartitionedTopic("hash", 7);
        for (PulsarClient some : List.of(Broker.client(), client)) {
            Producer<String> producer = some.newProducer(Schema.STRING)
                    .topic(topic)
                    .hashingScheme(scheme)
                    .create();
            for (int i = 0; i < 40; i++) {
                producer.newMessage().key("key-" + i).value("v").sendAsync();
            }
            producer.close();
        }

        // Then each key is in one partition
        assertThat(Broker.readAll(topic, Schema.STRING).stream()
                        .collect(Collectors.groupingBy(
                                Message::getKey, Collectors.mapping(Message::getTopicName, Collectors.toSet()))))
                .hasSize(40)
                .allSatisfy((key, partitions) -> assertThat(partitions).hasSize(1));
    }

    /** Routes by the value, and fails for one. */
    private static final class ByValue implements MessageRouter {
        private static final long serialVersionUID = 1;

        @Override
        public int choosePartition(Message<?> message, TopicMetadata metadata) {
            String value = (String) message.getValue();
            if (value.equals("fail")) {
                throw new IllegalStateException("no partition for it");
            }
            return Integer.parseInt(value) - (value.equals("9") ? metadata.numPartitions() * 9 : 0);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRouterChoosesForEachMessage(boolean batching) throws Exception {
        // Given
        String topic = Broker.freshPartitionedTopic("router", 4);
        Producer<String> producer = client.newProducer(Schema.STRING)
                .topic(topic)
                .enableBatching(batching)
                .messageRouter(new ByValue())
                .create();

        // When
        for (String value : List.of("3", "0", "3", "2", "0")) {
            producer.newMessage().key("ignored").value(value).sendAsync();
        }
        Throwable failed = catchThrowable(() -> producer.send("fail"));
        Throwable beyond = catchThrowable(() -> producer.send("9"));
        producer.flush();

        // Then
        assertThat(Broker.readAll(topic, Schema.STRING))
                .hasSize(5)
                .allSatisfy(message -> assertThat(message.getValue())
                        .isEqualTo(Integer.toString(TopicName.getPartitionIndex(message.getTopicName()))));
        assertThat(failed).isInstanceOf(PulsarClientException.class).hasMessageContaining("no partition for it");
        assertThat(beyond).hasMessageContaining("[0, 3], was -27");
    }

    @Test
    void aSinglePartitionIsKept() throws Exception {
        // Given
        String topic = Broker.freshPartitionedTopic("single", 4);
        Producer<String> producer = client.newProducer(Schema.STRING)
                .topic(topic)
                .messageRoutingMode(MessageRoutingMode.SinglePartition)
                .create();

        // When
        for (int i = 0; i < 20; i++) {
            producer.send("m" + i);
        }

        // Then
        List<Message<String>> all = Broker.readAll(topic, Schema.STRING);
        assertThat(all).extracting(Message::getValue).containsExactlyElementsOf(numbered(20));
        assertThat(all)
                .extracting(Message::getTopicName)
                .containsOnly(all.get(0).getTopicName());

        // When it is not well any more
        Broker.admin().terminateTopic(all.get(0).getTopicName());
        for (int i = 20; i < 40; i++) {
            producer.newMessage()
                    .value("m" + i)
                    .sendAsync()
                    .exceptionally(failure -> null)
                    .get(60, TimeUnit.SECONDS);
        }

        // Then another one is kept
        Set<String> used = Broker.readAll(topic, Schema.STRING).stream()
                .map(Message::getTopicName)
                .collect(Collectors.toSet());
        assertThat(used).hasSize(2);
    }

    @Test
    void entriesHoldMessagesOfOneKeyWhereTheBatcherSaysSo() throws Exception {
        // Given
        String topic = Broker.freshTopic("key-based");
        Producer<String> producer = client.newProducer(Schema.STRING)
                .topic(topic)
                .batcherBuilder(BatcherBuilder.KEY_BASED)
                .create();

        // When
        for (int i = 0; i < 20; i++) {
            producer.newMessage().key("k" + i % 2).value("v" + i).sendAsync();
        }
        producer.flush();

        // Then
        assertThat(Broker.readAll(topic, Schema.STRING).stream()
                        .collect(Collectors.groupingBy(
                                message -> message.getMessageId().toString().replaceAll(":[0-9]+$", ""),
                                Collectors.mapping(Message::getKey, Collectors.toSet()))))
                .allSatisfy((entry, keys) -> assertThat(keys).hasSize(1));
    }

    @Test
    void entriesFillForAsLongAsWasAsked() throws Exception {
        // Given
        String topic = Broker.freshTopic("delayed");
        Producer<String> producer = client.newProducer(Schema.STRING)
                .topic(topic)
                .batchingMaxPublishDelay(10, TimeUnit.SECONDS)
                .batchingMaxMessages(5)
                .create();

        // When: five make an entry, and a sender that waits ends another one
        for (int i = 0; i < 7; i++) {
            producer.sendAsync("v" + i);
        }
        producer.send("last");

        // Then
        assertThat(Broker.readAll(topic, Schema.STRING).stream()
                        .collect(Collectors.groupingBy(
                                message -> ((MessageIdAdv) message.getMessageId()).getEntryId(),
                                TreeMap::new,
                                Collectors.counting()))
                        .values())
                .containsExactly(5L, 3L);
    }

    @Test
    void sequenceIdsStartAfterTheInitialOne() throws Exception {
        String topic = Broker.freshTopic("initial");
        Producer<String> producer = client.newProducer(Schema.STRING)
                .topic(topic)
                .initialSequenceId(41)
                .create();

        assertThat(producer.getLastSequenceId()).isEqualTo(41);
        producer.send("a");
        assertThat(Broker.readAll(topic, Schema.STRING).get(0).getSequenceId()).isEqualTo(42);
    }

    @Test
    void propertiesAreShownToTheBroker() throws Exception {
        String topic = Broker.freshTopic("properties");
        client.newProducer(Schema.STRING)
                .topic(topic)
                .property("team", "orders")
                .create()
                .send("a");

        assertThat(Broker.admin().stats(topic)).contains("\"team\":\"orders\"");
    }

    @Test
    @SuppressWarnings("deprecation") // as long as the builder has it
    void aFullQueueFailsAsTheOfficialOneDoes() throws Exception {
        // Given
        String topic = Broker.freshPartitionedTopic("full", 2);
        Producer<byte[]> producer = client.newProducer()
                .topic(topic)
                .maxPendingMessages(10)
                .maxPendingMessagesAcrossPartitions(10)
                .batchingMaxPublishDelay(10, TimeUnit.SECONDS)
                .create();

        // When
        List<Throwable> failures = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            producer.newMessage().key("k").value(new byte[10]).sendAsync().whenComplete((id, failure) -> {
                if (failure != null) {
                    failures.add(failure);
                }
            });
        }
        producer.flushAsync().exceptionally(failure -> null).get(60, TimeUnit.SECONDS);

        // Then
        assertThat(failures).isNotEmpty().allMatch(PulsarClientException.ProducerQueueIsFullError.class::isInstance);
    }

    @Test
    void largeMessagesAreCutIntoChunksOfTheGivenSize() throws Exception {
        String topic = Broker.freshTopic("chunks");
        client.newProducer(Schema.STRING)
                .topic(topic)
                .enableBatching(false)
                .enableChunking(true)
                .chunkMaxMessageSize(1000)
                .compressionType(CompressionType.NONE)
                .create()
                .send("x".repeat(4500));

        Message<String> message = Broker.readAll(topic, Schema.STRING).get(0);
        assertThat(message.getValue()).hasSize(4500);
        assertThat(message.getMessageId()).isInstanceOf(ChunkMessageIdImpl.class);
    }

    /** Notes what it is told of. */
    @SuppressWarnings("rawtypes")
    private static class Tracer implements ProducerInterceptor {
        final Queue<String> told = new ConcurrentLinkedQueue<>();

        @Override
        public boolean eligible(Message message) {
            return true;
        }

        @Override
        public Message beforeSend(Producer producer, Message message) {
            told.add("before " + message.getValue());
            return message;
        }

        @Override
        public void onSendAcknowledgement(Producer producer, Message message, MessageId id, Throwable failure) {
            told.add("stored " + message.getValue());
        }

        @Override
        public void close() {
            told.add("closed");
        }
    }

    /** The same, of the kind that the client had first. */
    @SuppressWarnings("deprecation")
    private static final class OldTracer implements org.apache.pulsar.client.api.ProducerInterceptor<String> {
        final Queue<String> told = new ConcurrentLinkedQueue<>();

        @Override
        public Message<String> beforeSend(Producer<String> producer, Message<String> message) {
            told.add("before " + message.getValue());
            return message;
        }

        @Override
        public void onSendAcknowledgement(
                Producer<String> producer, Message<String> message, MessageId id, Throwable failure) {
            told.add("stored " + message.getValue());
        }

        @Override
        public void close() {
            told.add("closed");
        }
    }

    @Test
    @SuppressWarnings({"deprecation", "unchecked"})
    void interceptorsOfBothKindsSeeEachMessageOfAnEntry() throws Exception {
        // Given
        Tracer tracer = new Tracer();
        OldTracer old = new OldTracer();
        Producer<String> producer = client.newProducer(Schema.STRING)
                .topic(Broker.freshTopic("intercepted"))
                .intercept(tracer)
                .intercept(old)
                .create();

        // When
        producer.sendAsync("a");
        producer.sendAsync("b");
        producer.flush();
        producer.close();

        // Then
        assertThat(tracer.told).containsExactlyInAnyOrder("before a", "before b", "stored a", "stored b", "closed");
        assertThat(old.told).containsExactlyInAnyOrderElementsOf(tracer.told);
    }

    @Test
    void interceptorsAreToldBeforeABlockingSendReturns() throws Exception {
        Tracer slow = new Tracer() {
            @Override
            @SuppressWarnings("rawtypes")
            public void onSendAcknowledgement(Producer producer, Message message, MessageId id, Throwable failure) {
                LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
                super.onSendAcknowledgement(producer, message, id, failure);
            }
        };
        Producer<String> producer = client.newProducer(Schema.STRING)
                .topic(Broker.freshTopic("told-first"))
                .intercept(slow)
                .create();

        producer.send("a");

        assertThat(slow.told).containsExactly("before a", "stored a");
    }

    @Test
    void newPartitionsAreUsed() throws Exception {
        // Given
        String topic = Broker.freshPartitionedTopic("growing", 1);
        Producer<String> producer = client.newProducer(Schema.STRING)
                .topic(topic)
                .autoUpdatePartitionsInterval(1, TimeUnit.SECONDS)
                .create();

        // When
        Broker.admin().updatePartitions(topic, 3);

        // Then
        await().atMost(1, TimeUnit.MINUTES).until(() -> producer.getNumOfPartitions() == 3);
    }

    // ---- after the end

    @Test
    void failuresAfterTheEndAreOfTheTypesThatCallersCatch() throws Exception {
        // Given
        Producer<String> closed = client.newProducer(Schema.STRING)
                .topic(Broker.freshTopic("closed"))
                .create();
        closed.close();
        String ended = Broker.freshTopic("ended");
        Producer<String> terminated =
                client.newProducer(Schema.STRING).topic(ended).create();
        Broker.admin().terminateTopic(ended);
        assertThat(catchThrowable(() -> terminated.send("too late")))
                .isInstanceOf(PulsarClientException.TopicTerminatedException.class);
        await().atMost(1, TimeUnit.MINUTES).until(() -> !terminated.isConnected());
        Producer<String> fenced = client.newProducer(Schema.STRING)
                .topic(Broker.freshTopic("fenced"))
                .accessMode(ProducerAccessMode.Exclusive)
                .create();
        Broker.client()
                .newProducer(Schema.STRING)
                .topic(fenced.getTopic())
                .accessMode(ProducerAccessMode.ExclusiveWithFencing)
                .create();
        assertThat(catchThrowable(() -> fenced.send("too late")))
                .isInstanceOf(PulsarClientException.ProducerFencedException.class);
        await().atMost(1, TimeUnit.MINUTES).until(() -> !fenced.isConnected());

        // When, Then
        assertThat(catchThrowable(() -> closed.send("late")))
                .isInstanceOf(PulsarClientException.AlreadyClosedException.class);
        Answers.notSent(closed.sendAsync("late"), PulsarClientException.AlreadyClosedException.class);
        Answers.notSent(terminated.sendAsync("late"), PulsarClientException.TopicTerminatedException.class);
        Answers.notSent(fenced.sendAsync("late"), PulsarClientException.ProducerFencedException.class);
    }

    @Test
    void whatASchemaThrowsIsThrownAsOfficially() throws Exception {
        String topic = Broker.freshTopic("not-avro");
        client.newProducer(Schema.AVRO(BatchingIT.Item.class)).topic(topic).create();
        byte[] junk = {1, 2, 3};
        Producer<byte[]> official = Broker.client()
                .newProducer(Schema.AUTO_PRODUCE_BYTES())
                .topic(topic)
                .create();
        Producer<byte[]> supervised =
                client.newProducer(Schema.AUTO_PRODUCE_BYTES()).topic(topic).create();
        Throwable expected = catchThrowable(() -> official.send(junk));

        assertThat(expected).isInstanceOf(RuntimeException.class);
        assertThat(catchThrowable(() -> supervised.send(junk))).isExactlyInstanceOf(expected.getClass());
        assertThat(catchThrowable(() -> supervised.sendAsync(junk))).isExactlyInstanceOf(expected.getClass());
    }

    @Test
    void messagesOfAStandbyWaitUntilItIsPromotedAgain() throws Exception {
        // Given a standby that had access, until a rival fenced it
        Producer<String> standby = client.newProducer(Schema.STRING)
                .topic(Broker.freshTopic("standby"))
                .accessMode(ProducerAccessMode.WaitForExclusive)
                .create();
        Producer<String> rival = Broker.client()
                .newProducer(Schema.STRING)
                .topic(standby.getTopic())
                .accessMode(ProducerAccessMode.ExclusiveWithFencing)
                .create();
        standby.sendAsync("finds that it is fenced");
        SupervisedProducer<String> handle = (SupervisedProducer<String>) standby;
        await().atMost(1, TimeUnit.MINUTES).until(() -> handle.state() != HandleState.READY);

        // When
        CompletableFuture<MessageId> patient = standby.sendAsync("waits");
        Answers.notSent(
                handle.newMessage()
                        .value("does not wait as long")
                        .timeout(Duration.ofSeconds(1))
                        .sendAsync(),
                PulsarClientException.TimeoutException.class);
        assertThat(patient).isNotDone();
        rival.close();

        // Then
        assertThat(patient.get(60, TimeUnit.SECONDS)).isNotNull();
    }

    // ---- create

    /** Runs the same with either client, and compares what is thrown. */
    private void failsAlike(Class<? extends Exception> type, Creation creation) {
        Throwable official = catchThrowable(() -> creation.create(Broker.client()));
        Throwable supervised = catchThrowable(() -> creation.create(client));

        assertThat(official).isInstanceOf(type);
        assertThat(supervised).isExactlyInstanceOf(official.getClass());
        assertThat(vela.producers()).isEmpty();
    }

    /** Creates a producer. */
    private interface Creation {
        void create(PulsarClient with) throws Exception;
    }

    @Test
    void createThrowsWhatTheOfficialOneThrows() throws Exception {
        // a schema that does not fit
        String strings = Broker.freshTopic("strings");
        Broker.client().newProducer(Schema.STRING).topic(strings).create().close();
        failsAlike(
                PulsarClientException.IncompatibleSchemaException.class,
                with -> with.newProducer(Schema.INT64).topic(strings).create());

        // somebody has exclusive access
        String taken = Broker.freshTopic("taken");
        Producer<byte[]> holder = Broker.client()
                .newProducer()
                .topic(taken)
                .accessMode(ProducerAccessMode.Exclusive)
                .create();
        failsAlike(
                PulsarClientException.class,
                with -> with.newProducer()
                        .topic(taken)
                        .accessMode(ProducerAccessMode.Exclusive)
                        .create());
        failsAlike(
                PulsarClientException.class,
                with -> with.newProducer().topic(taken).create());
        holder.close();

        // a topic that was terminated
        String ended = Broker.freshTopic("ended");
        Broker.admin().terminateTopic(ended);
        failsAlike(
                PulsarClientException.class,
                with -> with.newProducer().topic(ended).create());

        // a namespace that is not there
        failsAlike(
                PulsarClientException.class,
                with -> with.newProducer().topic("public/nowhere/orders").create());

        // a partition that is not there
        String two = Broker.freshPartitionedTopic("two", 2);
        failsAlike(
                PulsarClientException.class,
                with -> with.newProducer().topic(two + "-partition-7").create());
    }

    @Test
    void aPartitionThatCannotBeOpenedFailsTheCreation() throws Exception {
        String topic = Broker.freshPartitionedTopic("one-ended", 3);
        Broker.admin().terminateTopic(topic + "-partition-1");

        failsAlike(
                PulsarClientException.class,
                with -> with.newProducer().topic(topic).create());
        Producer<byte[]> lazy = client.newProducer()
                .topic(topic)
                .enableLazyStartPartitionedProducers(true)
                .create();
        assertThat(lazy.send(new byte[1])).isNotNull();
    }

    @Test
    void twoAtTheSameMomentDoNotDisturbEachOther() throws Exception {
        // Given
        ProducerBuilder<String> derived = client.newProducer(Schema.STRING).topic(Broker.freshTopic("at-once"));
        ProducerBuilder<String> given = client.newProducer(Schema.STRING)
                .topic(Broker.freshTopic("at-once"))
                .producerName("worker");

        // When, Then
        List<CompletableFuture<Producer<String>>> all = List.of(derived.createAsync(), derived.createAsync());
        for (CompletableFuture<Producer<String>> one : all) {
            assertThat(one.get(60, TimeUnit.SECONDS).send("v")).isNotNull();
        }
        CompletableFuture<Producer<String>> first = given.createAsync();
        Answers.failure(given.createAsync(), PulsarClientException.ProducerBusyException.class);
        assertThat(first.get(60, TimeUnit.SECONDS).send("v")).isNotNull();
    }

    @Test
    void aLazyCreationFailsIfNoPartitionCanBeOpened() throws Exception {
        String topic = Broker.freshPartitionedTopic("lazy", 2);
        Producer<String> holder = Broker.client()
                .newProducer(Schema.STRING)
                .topic(topic)
                .producerName("worker")
                .create();

        failsAlike(
                PulsarClientException.ProducerBusyException.class,
                with -> with.newProducer(Schema.STRING)
                        .topic(topic)
                        .producerName("worker")
                        .enableLazyStartPartitionedProducers(true)
                        .create());
        holder.close();
    }

    @Test
    void aCreationThatIsGivenUpLeavesNothing() throws Exception {
        // Given
        String topic = Broker.freshTopic("given-up");
        Producer<String> holder = Broker.client()
                .newProducer(Schema.STRING)
                .topic(topic)
                .accessMode(ProducerAccessMode.Exclusive)
                .create();
        ProducerBuilder<String> waiting =
                client.newProducer(Schema.STRING).topic(topic).accessMode(ProducerAccessMode.WaitForExclusive);

        // When, Then
        waiting.createAsync().cancel(false);
        waiting.createAsync().complete(holder);
        Thread.currentThread().interrupt();
        assertThat(catchThrowable(waiting::create)).isInstanceOf(PulsarClientException.class);
        assertThat(Thread.interrupted()).isTrue();
        await().atMost(1, TimeUnit.MINUTES).until(() -> vela.producers().isEmpty());
        holder.close();
    }

    @Test
    void aCloseThatIsNotWaitedForClosesTheClient() throws Exception {
        PulsarClient one = PulsarClient.builder().serviceUrl(Broker.url()).build();
        Vela.supervise(one).closeAsync().cancel(false);
        PulsarClient other = PulsarClient.builder().serviceUrl(Broker.url()).build();
        Thread.currentThread().interrupt();
        assertThat(catchThrowable(() -> Vela.supervise(other).close())).isInstanceOf(PulsarClientException.class);
        assertThat(Thread.interrupted()).isTrue();

        await().atMost(1, TimeUnit.MINUTES).until(() -> one.isClosed() && other.isClosed());
    }

    @Test
    void aStandbyIsCreatedWhenItHasAccess() throws Exception {
        // Given
        String topic = Broker.freshTopic("standby");
        Producer<String> holder = client.newProducer(Schema.STRING)
                .topic(topic)
                .accessMode(ProducerAccessMode.WaitForExclusive)
                .create();
        CompletableFuture<Producer<String>> standby = client.newProducer(Schema.STRING)
                .topic(topic)
                .accessMode(ProducerAccessMode.WaitForExclusive)
                .createAsync();
        await().atMost(1, TimeUnit.MINUTES)
                .until(() -> vela.snapshot().topics().stream()
                        .flatMap(handle -> handle.groups().stream())
                        .flatMap(group -> group.producers().stream())
                        .anyMatch(producer -> producer.state() == ProducerState.WAITING));

        // When, Then
        assertThat(standby).isNotDone();
        holder.close();
        standby.get(60, TimeUnit.SECONDS).send("mine");
        assertThat(values(topic)).containsExactly("mine");
    }

    private static List<String> numbered(int count) {
        return IntStream.range(0, count).mapToObj(i -> "m" + i).toList();
    }

    private static String topic(String prefix, int partitions) {
        return partitions == 0 ? Broker.freshTopic(prefix) : Broker.freshPartitionedTopic(prefix, partitions);
    }

    private static List<String> values(String topic) throws Exception {
        return Broker.readAll(topic, Schema.STRING).stream()
                .map(Message::getValue)
                .toList();
    }
}
