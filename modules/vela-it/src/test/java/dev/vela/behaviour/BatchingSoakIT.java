package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vela.Batching;
import dev.vela.Snapshot;
import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Messages of all kinds from many threads, with a stop in the midst of it. The name of a failed run tells its seed;
 * {@code -Dvela.test.seed} runs it again, as far as threads can be made to.
 */
class BatchingSoakIT {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final int THREADS = 16;
    private static final int ENOUGH = 20_000;
    private static final long SEED = Long.getLong("vela.test.seed", System.nanoTime());

    @AutoClose
    private final Vela vela = Broker.vela();

    /** A way to run it; no partitions make a plain topic. */
    record Shape(int producers, int partitions, long seed) {}

    static Stream<Shape> shapes() {
        return Stream.of(new Shape(1, 0, SEED), new Shape(3, 0, SEED), new Shape(1, 4, SEED));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void whatIsAcknowledgedIsStoredOnceAndInOrderAndWhatFailedIsNot(Shape shape) throws Exception {
        // Given
        String topic = topic(shape);
        SupervisedProducer<byte[]> producer = vela.newProducer(Schema.BYTES)
                .topic(topic)
                .producers(shape.producers())
                .maxPendingMessages(4_000)
                .batching(Batching.defaults().withMaxMessages(100).withMaxBytes(SoakSender.BATCH_BYTES))
                .start();
        producer.awaitReady(LONG);
        List<SoakSender> senders = IntStream.range(0, THREADS)
                .mapToObj(thread -> new SoakSender(producer, thread, shape.seed()))
                .toList();

        // When it is stopped while all are sending
        senders.forEach(SoakSender::start);
        await().atMost(LONG).until(() -> producer.getStats().getTotalAcksReceived() > ENOUGH);
        producer.stop(LONG);
        for (SoakSender sender : senders) {
            sender.join(LONG.toMillis());
        }

        // Then
        assertThat(senders).noneMatch(Thread::isAlive);
        Map<String, SoakMessage> sent = senders.stream()
                .flatMap(sender -> sender.sent().stream())
                .collect(Collectors.toMap(SoakMessage::id, Function.identity()));
        sent.values().forEach(SoakMessage::assertAnswerIsHonest);
        assertStored(sent, Broker.readAll(topic, Schema.BYTES), shape);
        assertNothingIsHeld(producer);
    }

    private static String topic(Shape shape) {
        String namespace = Broker.freshNamespace("soak");
        Broker.admin().setSchemaCompatibility(namespace, "ALWAYS_COMPATIBLE");
        String topic = "persistent://" + namespace + "/soak";
        if (shape.partitions() == 0) {
            Broker.admin().createTopic(topic);
        } else {
            Broker.admin().createPartitionedTopic(topic, shape.partitions());
        }
        return topic;
    }

    private static void assertStored(Map<String, SoakMessage> sent, List<Message<byte[]>> stored, Shape shape) {
        Set<String> seen = new HashSet<>();
        Map<List<Object>, Integer> last = new HashMap<>();
        for (Message<byte[]> message : stored) {
            SoakMessage origin = sent.get(message.getProperty(SoakMessage.ID));
            assertThat(seen.add(origin.id()))
                    .as("%s is stored once", origin.id())
                    .isTrue();
            assertThat(origin.isCertainlyNotStored())
                    .as("%s is not stored", origin.id())
                    .isFalse();
            origin.assertIs(message);
            int partition = ((MessageIdAdv) message.getMessageId()).getPartitionIndex();
            List<Object> order = List.of(partition, origin.thread(), shape.producers() == 1 ? "" : origin.order());
            assertThat(origin.number())
                    .as("the number in the order of %s", order)
                    .isGreaterThan(last.getOrDefault(order, -1));
            last.put(order, origin.number());
        }
        assertThat(sent.values())
                .filteredOn(SoakMessage::isAcknowledged)
                .extracting(SoakMessage::id)
                .as("lost")
                .allMatch(seen::contains);
    }

    private void assertNothingIsHeld(SupervisedProducer<byte[]> producer) {
        Snapshot all = vela.snapshot();
        assertThat(all.pendingMessages()).isZero();
        assertThat(all.pendingBytes()).isZero();
        assertThat(producer.snapshot().groups())
                .isNotEmpty()
                .allMatch(group -> group.pendingMessages() == 0 && group.pendingBytes() == 0 && group.waiting() == 0);
    }
}
