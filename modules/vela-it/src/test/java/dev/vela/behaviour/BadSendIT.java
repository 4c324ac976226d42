package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.vela.Batching;
import dev.vela.ProducerGroup;
import dev.vela.SendCallback;
import dev.vela.SupervisedMessageBuilder;
import dev.vela.SupervisedProducerBuilder;
import dev.vela.Vela;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Messages with arguments that are refused, and with those at the edge that are not: neither leaves anything behind,
 * and good messages go on. What each refusal says is in {@code BadInputTest}.
 */
class BadSendIT {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration HUNDRED_YEARS = Duration.ofDays(36_500);

    @AutoClose
    private final Vela vela = Broker.vela();

    private final String topic = Broker.freshTopic("bad-send");

    private ProducerGroup<String> start(boolean batching) throws Exception {
        SupervisedProducerBuilder<String, ProducerGroup<String>> builder =
                vela.newProducerGroup(Schema.STRING).topic(topic).maxPendingMessages(1_000);
        if (batching) {
            builder.batching(Batching.defaults());
        }
        ProducerGroup<String> group = builder.start();
        group.awaitReady(LONG);
        return group;
    }

    private static Arguments message(String name, Consumer<SupervisedMessageBuilder<String>> change) {
        return Arguments.of(name, change);
    }

    /** Each in a message that is sent all the same, as by an application that catches everything. */
    static Stream<Arguments> refused() {
        return Stream.of(
                message("timeout 300 years", m -> m.timeout(Duration.ofDays(109_500))),
                message("timeout greatest", m -> m.timeout(Duration.ofSeconds(Long.MAX_VALUE))),
                message("timeout 0", m -> m.timeout(Duration.ZERO)),
                message("event time too far", m -> m.eventTime(Instant.MAX)),
                message("sequence id -1", m -> m.sequenceId(-1)),
                message("sequence id greatest", m -> m.sequenceId(Long.MAX_VALUE)),
                message("delay greatest", m -> m.deliverAfter(Long.MAX_VALUE, TimeUnit.DAYS)),
                message("delivery too far", m -> m.deliverAt(Instant.MAX)),
                message("property null", m -> m.property("n", null)),
                message("properties with null", m -> m.properties(Collections.singletonMap("n", null))),
                message("clusters with null", m -> m.replicationClusters(Collections.singletonList(null))),
                message("configuration unknown", m -> m.loadConf(Map.of("nope", 1))),
                message("ordering key null", m -> m.orderingKey(null)),
                message("callback null", m -> m.sendAsync((SendCallback) null)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void whatIsRefusedLeavesTheMessageAsItWas(String name, Consumer<SupervisedMessageBuilder<String>> change)
            throws Exception {
        for (boolean batching : new boolean[] {false, true}) {
            ProducerGroup<String> group = start(batching);
            SupervisedMessageBuilder<String> message =
                    group.newMessage().key("k").value("refused").timeout(LONG);

            assertThat(catchThrowable(() -> change.accept(message)))
                    .isInstanceOfAny(IllegalArgumentException.class, NullPointerException.class);

            message.send();
            assertNothingIsHeld();
            group.stop(LONG);
        }
        List<Message<String>> stored = Broker.readAll(topic, Schema.STRING);
        assertThat(stored).extracting(Message::getValue).containsExactly("refused", "refused");
        assertThat(stored).allSatisfy(message -> {
            assertThat(message.getEventTime()).isZero();
            assertThat(message.getProperties()).isEmpty();
            assertThat(MessageOptionsIT.metadata(message).hasDeliverAtTime()).isFalse();
        });
    }

    private void assertNothingIsHeld() {
        await().atMost(LONG).until(() -> vela.snapshot().pendingMessages() == 0);
        assertThat(vela.snapshot().pendingBytes()).isZero();
    }

    @ParameterizedTest(name = "batching {0}")
    @ValueSource(booleans = {false, true})
    void whatIsAtTheEdgeIsSentAndSoIsWhatFollows(boolean batching) throws Exception {
        ProducerGroup<String> group = start(batching);
        List<CompletableFuture<MessageId>> answers = Stream.<Consumer<SupervisedMessageBuilder<String>>>of(
                        m -> m.timeout(HUNDRED_YEARS),
                        m -> m.eventTime(0),
                        m -> m.eventTime(-1),
                        m -> m.eventTime(Long.MIN_VALUE),
                        m -> m.eventTime(Long.MAX_VALUE),
                        m -> m.key("").orderingKey(new byte[0]),
                        m -> m.keyBytes(new byte[0]),
                        m -> m.key(null),
                        m -> m.property("", ""),
                        m -> m.replicationClusters(List.of()),
                        m -> m.deliverAt(0),
                        m -> m.deliverAt(System.currentTimeMillis() - 60_000),
                        m -> m.deliverAfter(Duration.ZERO),
                        m -> m.deliverAfter(Duration.ofSeconds(Long.MIN_VALUE)),
                        m -> m.deliverAfter(Long.MIN_VALUE, TimeUnit.DAYS),
                        m -> m.deliverAfter(HUNDRED_YEARS),
                        m -> m.deliverAt(Long.MAX_VALUE),
                        m -> m.value(null),
                        m -> m.value(""))
                .map(change -> {
                    SupervisedMessageBuilder<String> message =
                            group.newMessage().value("edge").timeout(LONG);
                    change.accept(message);
                    return message.sendAsync();
                })
                .toList();
        group.flush();

        answers.forEach(Answers::receipt);
        group.newMessage().value("good").timeout(LONG).send();
        assertNothingIsHeld();
        List<Message<String>> stored = Broker.readAll(topic, Schema.STRING);
        assertThat(stored).hasSize(answers.size() + 1);
        assertThat(stored.get(answers.size()).getValue()).isEqualTo("good");
    }

    /** The greatest id leaves room for as many: what comes after it is neither refused nor taken for a duplicate. */
    @ParameterizedTest(name = "batching {0}")
    @ValueSource(booleans = {false, true})
    void theGreatestSequenceIdIsNotTheEndOfTheProducer(boolean batching) throws Exception {
        ProducerGroup<String> group = start(batching);

        group.newMessage()
                .value("greatest")
                .sequenceId(Long.MAX_VALUE / 2)
                .timeout(LONG)
                .send();
        assertThat(group.getLastSequenceId()).isEqualTo(Long.MAX_VALUE / 2);
        group.newMessage().value("next").timeout(LONG).send();

        assertThat(group.getLastSequenceId()).isEqualTo(Long.MAX_VALUE / 2 + 1);
        assertThat(Broker.readAll(topic, Schema.STRING))
                .extracting(Message::getValue)
                .containsExactly("greatest", "next");
    }
}
