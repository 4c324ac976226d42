package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.vela.MessageRejectedException;
import dev.vela.Outcome;
import dev.vela.ProducerGroup;
import dev.vela.Vela;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.SchemaSerializationException;
import org.apache.pulsar.client.impl.schema.StringSchema;
import org.junit.jupiter.api.Test;

/** A message that cannot be published fails alone. */
class RejectedMessageIT {
    private static final int TOO_LARGE = 6 << 20;

    private static Throwable failureOf(CompletableFuture<MessageId> answer) {
        return answer.handle((id, failure) -> failure).join();
    }

    private static void assertRejected(CompletableFuture<MessageId> answer) {
        assertThat(failureOf(answer)).isInstanceOf(MessageRejectedException.class);
        assertThat(Outcome.of(failureOf(answer))).isEqualTo(Outcome.NOT_SENT);
    }

    @Test
    void anOversizeMessageFailsAloneAmongItsNeighbours() throws Exception {
        // Given a group that is ready
        String topic = Broker.freshTopic("oversize");
        try (Vela vela = new PatientVela(Vela.connect(Broker.url()))) {
            ProducerGroup<byte[]> group =
                    vela.newProducerGroup(Schema.BYTES).topic(topic).start();
            group.awaitReady(Duration.ofMinutes(1));

            // When a message that is too large goes between others
            List<CompletableFuture<MessageId>> neighbours = new ArrayList<>();
            List<CompletableFuture<MessageId>> oversize = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                if (i % 10 == 5) {
                    oversize.add(group.sendAsync(new byte[TOO_LARGE]));
                } else {
                    neighbours.add(group.sendAsync(new byte[] {(byte) i}));
                }
            }
            assertThat(catchThrowable(() -> group.send(new byte[TOO_LARGE])))
                    .isInstanceOf(MessageRejectedException.class);

            // Then it fails alone, and the producer lives
            assertThat(neighbours).allSatisfy(answer -> assertThat(answer).succeedsWithin(Duration.ofMinutes(1)));
            assertThat(oversize).hasSize(3).allSatisfy(RejectedMessageIT::assertRejected);
            assertThat(group.producers().get(0).restarts()).isZero();
            assertThat(Broker.read(topic, Schema.BYTES, 27)).hasSize(27);
            assertThat(vela.snapshot().pendingMessages()).isZero();
            assertThat(vela.snapshot().pendingBytes()).isZero();
        }
    }

    @Test
    void aMessageThatIsOversizeBeforeTheProducerIsConnectedFailsAlone() throws Exception {
        // Given a group that has not connected yet
        String topic = Broker.freshTopic("oversize");
        try (Vela vela = new PatientVela(Vela.connect(Broker.url()))) {
            ProducerGroup<byte[]> group =
                    vela.newProducerGroup(Schema.BYTES).topic(topic).start();

            // When messages are sent at once
            CompletableFuture<MessageId> before = group.sendAsync(new byte[1]);
            CompletableFuture<MessageId> oversize = group.sendAsync(new byte[TOO_LARGE]);
            CompletableFuture<MessageId> after = group.sendAsync(new byte[1]);

            // Then only the large one fails
            assertThat(before).succeedsWithin(Duration.ofMinutes(1));
            assertThat(after).succeedsWithin(Duration.ofMinutes(1));
            assertRejected(oversize);
        }
    }

    @Test
    void aValueThatCannotBeEncodedFailsAlone() throws Exception {
        // Given a schema that cannot encode one of the values
        Schema<String> picky = new StringSchema() {
            @Override
            public byte[] encode(String value) {
                if (value.equals("bad")) {
                    throw new SchemaSerializationException("cannot encode " + value);
                }
                return super.encode(value);
            }
        };
        String topic = Broker.freshTopic("unencodable");
        try (Vela vela = new PatientVela(Vela.connect(Broker.url()))) {
            ProducerGroup<String> group =
                    vela.newProducerGroup(picky).topic(topic).start();

            // When it comes between others
            CompletableFuture<MessageId> before = group.sendAsync("before");
            CompletableFuture<MessageId> bad = group.sendAsync("bad");
            CompletableFuture<MessageId> after = group.sendAsync("after");

            // Then it fails alone
            assertThat(before).succeedsWithin(Duration.ofMinutes(1));
            assertThat(after).succeedsWithin(Duration.ofMinutes(1));
            assertRejected(bad);
            assertThat(failureOf(bad)).hasCauseInstanceOf(SchemaSerializationException.class);
            assertThat(vela.snapshot().pendingMessages()).isZero();
        }
    }
}
