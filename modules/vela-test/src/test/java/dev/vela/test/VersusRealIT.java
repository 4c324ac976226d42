package dev.vela.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.vela.AlreadyStartedException;
import dev.vela.HandleState;
import dev.vela.Outcome;
import dev.vela.SendCallback;
import dev.vela.SupervisedMessageBuilder;
import dev.vela.SupervisedProducer;
import dev.vela.SupervisedProducerBuilder;
import dev.vela.Vela;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.transaction.Transaction;
import org.apache.pulsar.common.schema.KeyValue;
import org.apache.pulsar.common.schema.KeyValueEncodingType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A mock refuses and fails what a real producer does: the same calls get the same exceptions from both. */
class VersusRealIT {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Duration NEVER = Duration.ofDays(1);

    @RegisterExtension
    static final LocalPulsarExtension pulsar = LocalPulsarExtension.shared();

    private Vela real;
    private final MockVela mock = new MockVela();
    private String topic;

    @BeforeEach
    void twins(Vela vela, @Topic String fresh) {
        real = vela;
        topic = fresh;
    }

    /** A call, by its name. */
    private interface Call<S> {
        void on(S subject) throws Throwable;
    }

    private interface Setting {
        void on(SupervisedProducerBuilder<String, ? extends SupervisedProducer<String>> builder);
    }

    /** What became of a call: class and message of the exception and of its causes. */
    private static <S> String outcome(S subject, Call<S> call) {
        try {
            call.on(subject);
            return "nothing thrown";
        } catch (Throwable e) {
            StringBuilder text = new StringBuilder();
            for (Throwable it = unwrapped(e); it != null; it = it.getCause()) {
                text.append(it.getClass().getName())
                        .append(": ")
                        .append(it.getMessage())
                        .append('\n');
            }
            return text.toString().replace(Thread.currentThread().getName(), "THIS THREAD");
        }
    }

    private static Throwable unwrapped(Throwable e) {
        boolean isWrapper = e instanceof CompletionException || e instanceof ExecutionException;
        return isWrapper && e.getCause() != null ? e.getCause() : e;
    }

    private static <S> void assertSame(S real, S mock, Call<S> call) {
        String expected = outcome(real, call);
        assertThat(outcome(mock, call)).isEqualTo(expected);
        assertThat(expected).as("the table is of refusals").isNotEqualTo("nothing thrown");
    }

    private SupervisedProducer<String> startReal(Setting... settings) throws Exception {
        return start(real, settings);
    }

    private MockSupervisedProducer<String> startMock(Setting... settings) throws Exception {
        return (MockSupervisedProducer<String>) start(mock, settings);
    }

    private SupervisedProducer<String> start(Vela vela, Setting... settings) throws Exception {
        SupervisedProducerBuilder<String, SupervisedProducer<String>> builder =
                vela.newProducer(Schema.STRING).topic(topic).name("twin").stableNames(true);
        Arrays.asList(settings).forEach(setting -> setting.on(builder));
        return builder.start();
    }

    // ---- a ready producer

    private static Arguments call(String name, Call<SupervisedProducer<String>> call) {
        return arguments(name, call);
    }

    private static Arguments message(String name, Call<SupervisedMessageBuilder<String>> call) {
        return call(name, producer -> call.on(producer.newMessage().value("v")));
    }

    static Stream<Arguments> badCalls() {
        return Stream.of(
                message("timeout null", m -> m.timeout(null)),
                message("timeout 0", m -> m.timeout(Duration.ZERO)),
                message("timeout 300 years", m -> m.timeout(Duration.ofDays(109_500))),
                message("event time null", m -> m.eventTime((Instant) null)),
                message("event time too far", m -> m.eventTime(Instant.MAX)),
                message("sequence id -1", m -> m.sequenceId(-1)),
                message("sequence id greatest", m -> m.sequenceId(Long.MAX_VALUE)),
                message("delay greatest", m -> m.deliverAfter(Long.MAX_VALUE, TimeUnit.DAYS)),
                message("delay null", m -> m.deliverAfter(null)),
                message("delay unit null", m -> m.deliverAfter(1, null)),
                message("delay 200 years", m -> m.deliverAfter(Duration.ofDays(73_000))),
                message("delivery too far", m -> m.deliverAt(Instant.MAX)),
                message("delivery before 1970", m -> m.deliverAt(-1)),
                message("property null", m -> m.property("n", null)),
                message("property of no name", m -> m.property(null, "v")),
                message("properties null", m -> m.properties(null)),
                message("properties with null", m -> m.properties(Collections.singletonMap("n", null))),
                message("clusters null", m -> m.replicationClusters(null)),
                message("clusters with null", m -> m.replicationClusters(Collections.singletonList(null))),
                message("clusters with blank", m -> m.replicationClusters(List.of(" "))),
                message("configuration null", m -> m.loadConf(null)),
                message("configuration unknown", m -> m.loadConf(Map.of("nope", 1))),
                message("configuration of another type", m -> m.loadConf(Map.of("key", 1))),
                message("configuration out of range", m -> m.loadConf(Map.of("sequenceId", -1L))),
                message("ordering key null", m -> m.orderingKey(null)),
                message("callback null", m -> m.sendAsync((SendCallback) null)),
                call("callback null", p -> p.sendAsync("v", null)),
                call("schema null", p -> p.newMessage((Schema<String>) null)),
                call("transaction null", p -> p.newMessage((Transaction) null)),
                call("transaction null, with schema", p -> p.newMessage(Schema.STRING, null)),
                call("schema null, with transaction", p -> p.newMessage((Schema<String>) null, (Transaction) null)),
                call(
                        "key of a separated pair",
                        p -> p.newMessage(Schema.KeyValue(Schema.STRING, Schema.STRING, KeyValueEncodingType.SEPARATED))
                                .key("k")),
                call("value of another class", p -> unchecked(p).send(5)),
                call(
                        "value of another class, later",
                        p -> unchecked(p).sendAsync(5).get()),
                call(
                        "value of another class, called back",
                        p -> calledBack(told -> unchecked(p).sendAsync(5, told))),
                call(
                        "schema that encodes nothing",
                        p -> p.newMessage(new Picky()).value(new byte[1]).send()),
                call(
                        "schema that encodes nothing, later",
                        p -> p.newMessage(new Picky())
                                .value(new byte[1])
                                .sendAsync()
                                .get()),
                call(
                        "half a pair",
                        p -> p.newMessage(Schema.KeyValue(Schema.STRING, new Picky()))
                                .value(new KeyValue<>("k", new byte[1]))
                                .send()),
                call("await null", p -> p.awaitReady(null)),
                call("await 0", p -> p.awaitReady(Duration.ZERO)),
                call("await usable -1", p -> p.awaitUsable(Duration.ofSeconds(-1))),
                call("stop -1", p -> p.stop(Duration.ofSeconds(-1))),
                call("stop null", p -> p.stopAsync(null)),
                call("stop for 200 years", p -> p.stopAsync(Duration.ofDays(73_000))));
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static SupervisedProducer<Object> unchecked(SupervisedProducer<?> producer) {
        return (SupervisedProducer) producer;
    }

    private static void calledBack(Consumer<SendCallback> send) throws Throwable {
        CompletableFuture<Object> answer = new CompletableFuture<>();
        send.accept((receipt, failure) -> {
            if (failure == null) {
                answer.complete(receipt);
            } else {
                answer.completeExceptionally(failure);
            }
        });
        answer.get(1, TimeUnit.MINUTES);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badCalls")
    void refusesBadCalls(String name, Call<SupervisedProducer<String>> call) throws Exception {
        SupervisedProducer<String> producer = startReal();
        producer.awaitReady(LONG);

        assertSame(producer, startMock(), call);
    }

    static Stream<Arguments> blockingCalls() {
        return Stream.of(
                call("send", p -> p.send("v")),
                call("send a message", p -> p.newMessage().value("v").send()),
                call("flush", SupervisedProducer::flush),
                call("wait for a flush", p -> {
                    p.sendAsync("open"); // still open while this callback runs
                    p.flushAsync().join();
                }),
                call("wait after a flush", p -> {
                    p.sendAsync("open");
                    p.flushAsync().thenApply(done -> 1).join();
                }),
                call("await", p -> p.awaitReady(LONG)),
                call("await usable", p -> p.awaitUsable(LONG)),
                call("stop", p -> p.stop(LONG)),
                call("close", SupervisedProducer::close));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("blockingCalls")
    void refusesToBlockInACallback(String name, Call<SupervisedProducer<String>> call) throws Exception {
        SupervisedProducer<String> producer = startReal();
        producer.awaitReady(LONG);

        assertThat(inCallback(startMock(), call)).isEqualTo(inCallback(producer, call));
    }

    private static String inCallback(SupervisedProducer<String> producer, Call<SupervisedProducer<String>> call)
            throws Exception {
        CompletableFuture<String> outcome = new CompletableFuture<>();
        producer.sendAsync("v", (receipt, failure) -> outcome.complete(outcome(producer, call)));
        return outcome.get(1, TimeUnit.MINUTES);
    }

    // ---- other states

    static Stream<Arguments> sends() {
        return Stream.of(
                call("send", p -> p.send("v")),
                call("send a null", p -> p.send(null)),
                call("send later", p -> p.sendAsync("v").get()),
                call("send and be called back", p -> calledBack(told -> p.sendAsync("v", told))),
                call("send a message", p -> p.newMessage(Schema.INT32).value(5).send()),
                call("await", p -> p.awaitReady(LONG)),
                call("await usable", p -> p.awaitUsable(LONG)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sends")
    void aStoppedProducerFailsThem(String name, Call<SupervisedProducer<String>> call) throws Exception {
        SupervisedProducer<String> producer = startReal();
        producer.stop(LONG);
        MockSupervisedProducer<String> twin = startMock();
        twin.stop(LONG);

        assertSame(producer, twin, call);
        assertSame(producer, twin, SupervisedProducer::restart);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sends")
    void aProducerThatIsDownFailsThem(String name, Call<SupervisedProducer<String>> call) throws Exception {
        SupervisedProducer<String> producer = startReal();
        producer.awaitReady(LONG);
        pulsar.terminate(topic);
        await().atMost(LONG).until(() -> producer.state() == HandleState.DOWN);
        Throwable cause = producer.snapshot()
                .groups()
                .get(0)
                .producers()
                .get(0)
                .lastCause()
                .orElseThrow();
        MockSupervisedProducer<String> twin = startMock();
        twin.state(HandleState.DOWN, cause);

        assertSame(producer, twin, call);
    }

    @Test
    void fencingLooksTheSame() throws Exception {
        SupervisedProducer<String> producer = startReal(it -> it.accessMode(ProducerAccessMode.Exclusive));
        producer.awaitReady(LONG);
        MockSupervisedProducer<String> twin = startMock();

        twin.answerAutomatically(false);

        pulsar.fence(topic);
        String taken = outcome(producer, p -> p.send("taken"));
        await().atMost(LONG).until(() -> producer.state() == HandleState.DOWN);
        CompletableFuture<?> open = twin.sendAsync("taken");
        twin.fence();

        assertThat(classes(outcome(twin, p -> open.get()))).isEqualTo(classes(taken));
        assertThat(twin.snapshot().groups().get(0).producers().get(0).state())
                .isEqualTo(
                        producer.snapshot().groups().get(0).producers().get(0).state());
        assertThat(twin.producers()).isEmpty();
        assertThat(classes(outcome(twin, p -> p.send("v")))).isEqualTo(classes(outcome(producer, p -> p.send("v"))));
    }

    /** Without the messages: the broker's are of its own wording. */
    private static List<String> classes(String outcome) {
        return outcome.lines().map(line -> line.replaceAll(":.*", "")).toList();
    }

    static Stream<Arguments> waits() {
        return Stream.of(
                call("send", p -> p.newMessage().value("v").timeout(SHORT).send()),
                call("await", p -> p.awaitReady(SHORT)),
                call("await usable", p -> p.awaitUsable(SHORT)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("waits")
    void aProducerThatStartsLetsThemWait(String name, Call<SupervisedProducer<String>> call) throws Exception {
        SupervisedProducer<String> producer = startReal(it -> it.startupDelay(NEVER));
        MockSupervisedProducer<String> twin = startMock();
        twin.state(HandleState.STARTING);

        assertSame(producer, twin, call);
    }

    @Test
    void failFastIsFast() throws Exception {
        SupervisedProducer<String> producer =
                startReal(it -> it.startupDelay(NEVER).failFast(true));
        await().atMost(LONG)
                .until(() -> outcome(producer, p -> p.send("v")).contains("has no producer ready")); // it runs
        MockSupervisedProducer<String> twin = startMock(it -> it.failFast(true));
        twin.state(HandleState.STARTING);

        assertSame(producer, twin, p -> p.send("v"));
    }

    @Test
    void aStandbyFailsThem() throws Exception {
        pulsar.fence(topic);
        SupervisedProducer<String> producer = startReal(it -> it.accessMode(ProducerAccessMode.WaitForExclusive));
        await().atMost(LONG)
                .until(() -> outcome(
                                producer,
                                p -> p.newMessage().value("v").timeout(SHORT).send())
                        .contains("ProducerWaitingException"));
        MockSupervisedProducer<String> twin = startMock();
        twin.standBy();

        assertSame(producer, twin, p -> p.send("v"));
        assertThat(twin.state()).isEqualTo(producer.state());
        assertThat(twin.snapshot().groups().get(0).producers().get(0).state())
                .isEqualTo(
                        producer.snapshot().groups().get(0).producers().get(0).state());
    }

    @Test
    void aFullProducerFailsThem() throws Exception {
        Setting[] failing = {it -> it.startupDelay(NEVER).maxPendingMessages(1).blockIfQueueFull(false)};
        SupervisedProducer<String> producer = startReal(failing);
        producer.sendAsync("fills it");
        MockSupervisedProducer<String> twin = startMock(failing);
        twin.state(HandleState.STARTING);
        twin.sendAsync("fills it");

        assertSame(producer, twin, p -> p.sendAsync("v").get());
        assertSame(producer, twin, p -> p.send("v"));
    }

    @Test
    void aFullProducerThatWaitsFailsThemInTheEnd() throws Exception {
        Setting[] waiting = {it -> it.startupDelay(NEVER).maxPendingMessages(1)};
        SupervisedProducer<String> producer = startReal(waiting);
        producer.sendAsync("fills it");
        MockSupervisedProducer<String> twin = startMock(waiting);
        twin.full(true);

        assertSame(
                producer,
                twin,
                p -> p.newMessage().value("v").timeout(SHORT).sendAsync().get());
    }

    @Test
    void aMessageWithoutAReceiptIsOfUnknownOutcome() throws Exception {
        SupervisedProducer<String> producer = startReal();
        producer.awaitReady(LONG);
        pulsar.freeze();
        MockSupervisedProducer<String> twin = startMock();
        twin.failNext(Outcome.UNKNOWN);

        assertSame(producer, twin, p -> p.newMessage().value("v").timeout(SHORT).send());
    }

    @Test
    void aStopWithoutADrainFailsWhatIsOpen() throws Exception {
        SupervisedProducer<String> producer = startReal();
        producer.awaitReady(LONG);
        pulsar.freeze();
        MockSupervisedProducer<String> twin = startMock();
        twin.answerAutomatically(false);

        assertSame(producer, twin, p -> {
            CompletableFuture<?> answer = p.sendAsync("v");
            p.stopAsync(Duration.ZERO);
            answer.get();
        });
    }

    @Test
    void aStopWithoutADrainFailsWhatWaits() throws Exception {
        SupervisedProducer<String> producer = startReal(it -> it.startupDelay(NEVER));
        MockSupervisedProducer<String> twin = startMock();
        twin.state(HandleState.STARTING);

        assertSame(producer, twin, p -> {
            CompletableFuture<?> answer = p.sendAsync("v");
            p.stopAsync(Duration.ZERO);
            answer.get();
        });
    }

    // ---- runtimes

    private static Arguments runtime(String name, Call<Vela> call) {
        return arguments(name, call);
    }

    static Stream<Arguments> badRuntimeCalls() {
        return Stream.of(
                runtime("no topic", v -> v.newProducer(Schema.STRING).start()),
                runtime("no topic, described", v -> v.newProducer(Schema.STRING).childSpec()),
                runtime("schema null", v -> v.newProducer(null)),
                runtime("topic blank", v -> v.newProducer(Schema.STRING).topic(" ")),
                runtime("producers 0", v -> v.newProducer(Schema.STRING).producers(0)),
                runtime("partitions of any", v -> v.newProducer(Schema.STRING).partitions(2)),
                runtime("reserved name", v -> v.newProducer(Schema.STRING).name("pulsar.repl.x")),
                runtime(
                        "two exclusive",
                        v -> v.newProducer(Schema.STRING)
                                .topic("t")
                                .producers(2)
                                .accessMode(ProducerAccessMode.Exclusive)
                                .start()),
                runtime(
                        "exclusive later",
                        v -> v.newProducer(Schema.STRING)
                                .topic("t")
                                .producers(2)
                                .accessMode(ProducerAccessMode.Exclusive)
                                .startAsync()),
                runtime(
                        "partitioned producer of a partition",
                        v -> v.newPartitionedProducer(Schema.STRING)
                                .topic("t-partition-1")
                                .partitions(2)
                                .start()),
                runtime("get nothing", v -> v.get("nobody", Schema.STRING)),
                runtime("get null", v -> v.get(null, Schema.STRING)),
                runtime("get of no schema", v -> v.get("nobody", null)),
                runtime("find null", v -> v.find(null)),
                runtime("stop nothing", v -> v.stopAsync("nobody", LONG).get()),
                runtime("stop -1", v -> v.stopAsync("nobody", Duration.ofSeconds(-1))),
                runtime("start null", v -> v.startAsync(null)),
                runtime("close -1", v -> v.closeAsync(Duration.ofSeconds(-1))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badRuntimeCalls")
    void aRuntimeRefusesBadCalls(String name, Call<Vela> call) {
        assertSame(real, mock, call);
    }

    @Test
    void aRuntimeRefusesWhatIsTakenOrOfAnotherKind() throws Exception {
        startReal();
        startMock();

        assertSame(real, mock, v -> start(v));
        assertSame(
                real,
                mock,
                v -> v.newProducer(Schema.STRING)
                        .topic(topic)
                        .name("twin")
                        .startAsync()
                        .get());
        assertSame(real, mock, v -> v.get("twin", Schema.INT32));
        assertSame(
                real,
                mock,
                v -> v.newPartitionedProducer(Schema.STRING)
                        .topic(topic)
                        .name("other")
                        .start());
        assertThat(outcome(mock, v -> start(v))).startsWith(AlreadyStartedException.class.getName());
    }

    @Test
    void aClosedRuntimeStartsNothing() throws Exception {
        real.close();
        mock.close();

        assertSame(real, mock, v -> start(v));
    }

    // ---- what is sent

    @Test
    void theSameMessagesAreSent() throws Exception {
        List<Call<SupervisedProducer<String>>> messages = List.of(
                p -> p.send("plain"),
                p -> p.send(null),
                p -> p.newMessage().key("k").value("keyed").send(),
                p -> p.newMessage().keyBytes(new byte[] {1, 2}).value("bytes").send(),
                p -> p.newMessage().orderingKey(new byte[] {3}).value("ordered").send(),
                p -> p.newMessage().key(null).value("null key").send(),
                p -> p.newMessage()
                        .property("a", "1")
                        .properties(Map.of("b", "2"))
                        .eventTime(Instant.ofEpochMilli(77))
                        .value("properties")
                        .send(),
                p -> p.newMessage()
                        .loadConf(Map.of("key", "c", "properties", Map.of("x", "y"), "eventTime", 9L))
                        .value("configured")
                        .send(),
                p -> p.newMessage(Schema.BYTES)
                        .value(new byte[] {5})
                        .key("other")
                        .send());
        SupervisedProducer<String> producer = startReal();
        MockSupervisedProducer<String> twin = startMock();
        producer.awaitReady(LONG);
        for (Call<SupervisedProducer<String>> message : messages) {
            assertThat(outcome(producer, message)).isEqualTo("nothing thrown");
            assertThat(outcome(twin, message)).isEqualTo("nothing thrown");
        }

        assertThat(twin.sent().stream().map(SentMessage::message).map(VersusRealIT::text))
                .isEqualTo(pulsar.messages(topic, Schema.BYTES).stream()
                        .map(VersusRealIT::text)
                        .toList());
        assertThat(twin.getLastSequenceId()).isEqualTo(producer.getLastSequenceId());
    }

    private static String text(Message<?> message) {
        return "key " + message.getKey() + " " + message.hasKey() + " " + message.hasBase64EncodedKey() + ", ordering "
                + Arrays.toString(message.getOrderingKey()) + ", " + message.getProperties() + ", at "
                + message.getEventTime() + ", " + Arrays.toString(message.getData());
    }
}
