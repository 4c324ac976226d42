package dev.vela.behaviour;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.KeyHash;
import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.pulsar.client.api.HashingScheme;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The partition on which a key ends up, read from receipts. */
class KeyPlacementIT {
    private static final int PARTITIONS = 7;
    private static final List<String> KEYS = Stream.concat(
                    IntStream.range(0, 30).mapToObj(i -> "key-" + i), Stream.of("", "ключ", "鍵", "a b"))
            .toList();

    @AutoClose
    private final Vela vela = Broker.vela();

    private final String topic = Broker.freshPartitionedTopic("placement", PARTITIONS);

    @ParameterizedTest
    @EnumSource
    void keysGoWhereTheHashSays(KeyHash hash) throws Exception {
        SupervisedProducer<String> producer = started(hash);

        for (String key : KEYS) {
            assertThat(partition(producer.newMessage().key(key).value(key).send()))
                    .as(key)
                    .isEqualTo(hash.partition(key, PARTITIONS));
            byte[] bytes = key.getBytes(UTF_8);
            assertThat(partition(
                            producer.newMessage().keyBytes(bytes).value(key).send()))
                    .as("bytes of " + key)
                    .isEqualTo(hash.partition(bytes, PARTITIONS));
        }
    }

    @ParameterizedTest
    @CsvSource({"MURMUR3_32, Murmur3_32Hash", "JAVA_STRING, JavaStringHash"})
    void keysGoWhereTheOfficialClientPutsThem(KeyHash hash, HashingScheme scheme) throws Exception {
        SupervisedProducer<String> ours = started(hash);
        try (Producer<String> official = Broker.client()
                .newProducer(Schema.STRING)
                .topic(topic)
                .hashingScheme(scheme)
                .enableBatching(false)
                .create()) {
            for (String key : KEYS) {
                assertThat(partition(ours.newMessage().key(key).value(key).send()))
                        .as(key)
                        .isEqualTo(partition(
                                official.newMessage().key(key).value(key).send()));
                byte[] bytes = key.getBytes(UTF_8);
                assertThat(partition(
                                ours.newMessage().keyBytes(bytes).value(key).send()))
                        .as("bytes of " + key)
                        .isEqualTo(partition(
                                official.newMessage().keyBytes(bytes).value(key).send()));
            }
        }
    }

    private SupervisedProducer<String> started(KeyHash hash) throws PulsarClientException {
        return vela.newPartitionedProducer(Schema.STRING)
                .topic(topic)
                .partitions(PARTITIONS)
                .keyHash(hash)
                .start();
    }

    private static int partition(MessageId receipt) {
        return ((MessageIdAdv) receipt).getPartitionIndex();
    }
}
