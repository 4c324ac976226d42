package dev.vela.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.InFlightPolicy;
import dev.vela.ProducerGroup;
import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import dev.vela.test.LocalPulsarExtension;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The code of docs/guide/03-exactly-once.md. */
@Tag("full")
class ExactlyOnceGuideIT {
    @RegisterExtension
    static final LocalPulsarExtension pulsar = LocalPulsarExtension.shared();

    private static ProducerGroup<String> start(Vela vela, String topic) throws PulsarClientException {
        ProducerGroup<String> orders = vela.newProducerGroup(Schema.STRING)
                .topic(topic)
                .inFlightPolicy(InFlightPolicy.REPLAY)
                .stableNames(true)
                .start();
        orders.awaitReady(Duration.ofMinutes(1));
        return orders;
    }

    private static void publish(ProducerGroup<String> orders, List<String> source) throws PulsarClientException {
        AtomicReference<Throwable> failed = new AtomicReference<>();
        for (long offset = orders.getLastSequenceId() + 1; failed.get() == null && offset < source.size(); offset++) {
            orders.newMessage()
                    .sequenceId(offset)
                    .timeout(Duration.ofDays(1))
                    .value(source.get((int) offset))
                    .sendAsync((receipt, failure) -> {
                        if (failure != null) {
                            failed.compareAndSet(null, failure);
                        }
                    });
        }
        orders.flush();
        if (failed.get() != null) {
            throw new IllegalStateException("stopped at a failure", failed.get());
        }
    }

    @Test
    void theNextRunContinues(Vela vela) throws Exception {
        pulsar.admin().setDeduplication(pulsar.namespace(), true);
        String topic = "persistent://" + pulsar.namespace() + "/orders"; // created after that

        try (ProducerGroup<String> orders = start(vela, topic)) {
            publish(orders, List.of("tea", "rice"));
        }
        try (ProducerGroup<String> orders = start(vela, topic)) {
            assertThat(orders.getLastSequenceId()).isEqualTo(1);
            publish(orders, List.of("tea", "rice", "honey"));

            MessageId receipt = orders.newMessage()
                    .sequenceId(0)
                    .value("tea")
                    .timeout(Duration.ofMinutes(2))
                    .send();
            assertThat(SupervisedProducer.isDuplicate(receipt)).isTrue();
        }

        assertThat(pulsar.messages(topic, Schema.STRING))
                .extracting(Message::getValue)
                .containsExactly("tea", "rice", "honey");
    }
}
