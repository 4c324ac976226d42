package dev.vela.behaviour;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.MessageRejectedException;
import dev.vela.Outcome;
import dev.vela.ProducerGroup;
import dev.vela.SendFailure;
import dev.vela.Vela;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.CompressionType;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The client looks at the size of a message with another schema than its producer's only once that schema is
 * registered, and what it finds too large then stays in its queue: it is sent after all when the client connects again.
 */
class OtherSchemaSizeIT {
    private static final int JUST_BELOW_THE_LIMIT = Broker.MAX_MESSAGE_BYTES - 20;

    @AutoClose
    private final Vela vela = Broker.vela();

    private final String topic = Broker.freshTopic("other-schema");

    @ParameterizedTest
    @EnumSource(
            value = CompressionType.class,
            names = {"NONE", "LZ4"})
    void whatCertainlyFailedIsNotStored(CompressionType compression) throws Exception {
        ProducerGroup<byte[]> group = vela.newProducerGroup(Schema.BYTES)
                .topic(topic)
                .compressionType(compression)
                .start();
        String large = incompressible();
        List<CompletableFuture<MessageId>> large3 = new ArrayList<>();
        List<CompletableFuture<MessageId>> small = new ArrayList<>();

        for (int i = 0; i < 3; i++) {
            small.add(group.sendAsync(("before " + i).getBytes(UTF_8)));
            large3.add(group.newMessage(Schema.STRING).value(large).sendAsync());
            small.add(group.sendAsync(("after " + i).getBytes(UTF_8)));
        }

        for (CompletableFuture<MessageId> answer : large3) {
            PulsarClientException failure = Answers.failure(answer, PulsarClientException.class);
            assertThat(failure).isInstanceOf(SendFailure.class);
            if (compression == CompressionType.NONE) {
                assertThat(failure)
                        .isInstanceOf(MessageRejectedException.class)
                        .hasMessageContaining(Integer.toString(Broker.MAX_MESSAGE_BYTES));
                assertThat(Outcome.of(failure)).isEqualTo(Outcome.NOT_SENT);
            }
        }
        small.forEach(answer -> Answers.value(answer.handle((id, failure) -> id)));
        group.newMessage(Schema.STRING).value("small").send();
        List<Message<byte[]>> stored = Broker.readAll(topic, Schema.BYTES);
        boolean allRefused = large3.stream()
                .allMatch(answer -> Outcome.of(Answers.failure(answer, Exception.class)) == Outcome.NOT_SENT);
        if (allRefused) {
            assertThat(stored).noneMatch(message -> message.getData().length > 1000);
        }
        if (compression == CompressionType.NONE) {
            small.forEach(Answers::receipt);
            assertThat(stored).hasSize(7);
            assertThat(group.producers().get(0).restarts()).isZero();
        }
    }

    /** Latin letters drawn by chance: no shorter under LZ4, which finds no repetition. */
    private static String incompressible() {
        Random random = new Random(3);
        StringBuilder text = new StringBuilder(JUST_BELOW_THE_LIMIT);
        while (text.length() < JUST_BELOW_THE_LIMIT) {
            text.append((char) (' ' + random.nextInt(95)));
        }
        return text.toString();
    }
}
