package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vela.ProducerGroup;
import dev.vela.ProducerState;
import dev.vela.Vela;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.interceptor.ProducerInterceptor;
import org.junit.jupiter.api.Test;

/** A producer that is not connected is probed each second. */
class ProbeIT {
    private static final Duration LONG = Duration.ofMinutes(1);

    @Test
    void interceptorsSeeNoProbe() throws Exception {
        // Given a producer with an interceptor
        AtomicInteger sent = new AtomicInteger();
        AtomicInteger answered = new AtomicInteger();
        try (Wire wire = new Wire();
                Vela vela = wire.velaBuilder().build()) {
            ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                    .topic(Broker.freshTopic("probe"))
                    .customize(producer -> producer.intercept(new Counting(sent, answered)))
                    .start();
            group.awaitReady(LONG);
            Answers.receipt(group.sendAsync("v"));

            // When it is not connected for several looks
            wire.down();
            await().atMost(LONG).until(() -> group.producers().get(0).state() == ProducerState.RECONNECTING);

            // Then the interceptor sees its one message and nothing else
            await().during(Duration.ofSeconds(3)).atMost(LONG).until(() -> sent.get() == 1 && answered.get() == 1);
            wire.up();
            Answers.receipt(group.sendAsync("v"));
            assertThat(sent).hasValue(2);
        }
    }

    @SuppressWarnings("rawtypes") // as the interface has them
    private record Counting(AtomicInteger sent, AtomicInteger answered) implements ProducerInterceptor {
        @Override
        public void close() {}

        @Override
        public boolean eligible(Message message) {
            return true;
        }

        @Override
        public Message beforeSend(Producer producer, Message message) {
            sent.incrementAndGet();
            return message;
        }

        @Override
        public void onSendAcknowledgement(Producer producer, Message message, MessageId id, Throwable exception) {
            answered.incrementAndGet();
        }
    }
}
