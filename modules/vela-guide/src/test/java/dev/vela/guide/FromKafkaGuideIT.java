package dev.vela.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vela.Batching;
import dev.vela.HandleState;
import dev.vela.InFlightPolicy;
import dev.vela.Outcome;
import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import dev.vela.test.LocalPulsarExtension;
import dev.vela.test.Topic;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pulsar.client.api.CompressionType;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageRouter;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.TopicMetadata;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("full")
class FromKafkaGuideIT {
    @RegisterExtension
    static final LocalPulsarExtension pulsar = LocalPulsarExtension.shared();

    static SupervisedProducer<String> likeKafka(Vela vela, String topic) throws PulsarClientException {
        return vela.newProducer(Schema.STRING) // value.serializer; a key is a String or bytes
                .topic(topic)
                .batching(Batching.defaults()
                        .withMaxBytes(16 * 1024) // batch.size
                        .withFlushInterval(Duration.ofMillis(5))) // linger.ms
                .compressionType(CompressionType.LZ4) // compression.type
                .sendTimeout(Duration.ofMinutes(2)) // delivery.timeout.ms, and max.block.ms is within it
                .maxPendingBytes(32 * 1024 * 1024) // buffer.memory, for each partition
                .inFlightPolicy(InFlightPolicy.REPLAY) // a successor sends again what was in flight
                .start();
    }

    @Test
    void aCallbackTellsTheAnswer(Vela vela, @Topic(partitions = 3) String topic) throws Exception {
        SupervisedProducer<String> orders = likeKafka(vela, topic);
        AtomicInteger stored = new AtomicInteger();
        AtomicInteger notSent = new AtomicInteger();
        AtomicInteger unknown = new AtomicInteger();

        orders.newMessage().key("ann").value("tea").property("source", "shop").sendAsync((receipt, failure) -> {
            if (failure == null) {
                stored.incrementAndGet();
            } else if (Outcome.of(failure) == Outcome.NOT_SENT) {
                notSent.incrementAndGet(); // safe to send again
            } else {
                unknown.incrementAndGet(); // may be stored: a copy may result
            }
        });
        orders.flush();

        assertThat(stored).hasValue(1);
        assertThat(notSent).hasValue(0);
        assertThat(unknown).hasValue(0);
    }

    /** Places keys as Kafka's default does. */
    static final class KafkaKeys implements MessageRouter {
        private static final long serialVersionUID = 1;
        private static final VarHandle INTS =
                MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

        @Override
        public int choosePartition(Message<?> message, TopicMetadata topic) {
            byte[] key = message.hasKey() ? message.getKey().getBytes(StandardCharsets.UTF_8) : new byte[0];
            return (murmur2(key) & Integer.MAX_VALUE) % topic.numPartitions();
        }

        static int murmur2(byte[] data) {
            int m = 0x5bd1e995;
            int hash = 0x9747b28c ^ data.length;
            int whole = data.length & ~3;
            for (int i = 0; i < whole; i += 4) {
                int k = (int) INTS.get(data, i) * m;
                hash = (hash * m) ^ ((k ^ (k >>> 24)) * m);
            }
            int tail = 0;
            for (int i = data.length - 1; i >= whole; i--) {
                tail = (tail << 8) | (data[i] & 0xff);
            }
            if (whole < data.length) {
                hash = (hash ^ tail) * m;
            }
            hash = (hash ^ (hash >>> 13)) * m;
            return hash ^ (hash >>> 15);
        }
    }

    @Test
    void aRouterPlacesKeysAsKafkaDoes(Vela vela, @Topic(partitions = 3) String topic) throws Exception {
        SupervisedProducer<String> orders = vela.newProducer(Schema.STRING)
                .topic(topic)
                .messageRouter(new KafkaKeys()) // every message needs a key here
                .sendTimeout(Duration.ofMinutes(2))
                .start();
        orders.newMessage().key("ann").value("tea").send();

        int partition = (KafkaKeys.murmur2("ann".getBytes(StandardCharsets.UTF_8)) & Integer.MAX_VALUE) % 3;
        assertThat(pulsar.messages(topic + "-partition-" + partition, Schema.STRING))
                .hasSize(1);
    }

    @Test
    void murmur2IsKafkas() {
        assertThat(KafkaKeys.murmur2("21".getBytes(StandardCharsets.UTF_8))).isEqualTo(-973932308);
        assertThat(KafkaKeys.murmur2("foobar".getBytes(StandardCharsets.UTF_8))).isEqualTo(-790332482);
        assertThat(KafkaKeys.murmur2("a-little-bit-long-string".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(-985981536);
        assertThat(KafkaKeys.murmur2("abc".getBytes(StandardCharsets.UTF_8))).isEqualTo(479470107);
    }

    @Test
    void theNewWriterTakesTheTopic(@Topic String topic) throws Exception {
        try (Vela old = Vela.connect(pulsar.serviceUrl());
                Vela young = Vela.connect(pulsar.serviceUrl())) {
            SupervisedProducer<String> first = writer(old, topic);
            first.awaitReady(Duration.ofMinutes(2));
            SupervisedProducer<String> second = writer(young, topic);
            second.awaitReady(Duration.ofMinutes(2));

            second.send("from the new writer");

            await().atMost(Duration.ofMinutes(2)).until(() -> {
                first.sendAsync("from the old writer").exceptionally(failure -> null);
                return first.state() == HandleState.DOWN;
            });
            assertThat(pulsar.messages(topic, Schema.STRING)).hasSize(1);
        }
    }

    private static SupervisedProducer<String> writer(Vela vela, String topic) throws PulsarClientException {
        return vela.newProducer(Schema.STRING)
                .topic(topic)
                .accessMode(ProducerAccessMode.ExclusiveWithFencing)
                .sendTimeout(Duration.ofMinutes(2))
                .start();
    }
}
