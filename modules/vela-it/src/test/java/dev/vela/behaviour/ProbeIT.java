package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.vela.internal.pulsar.OfficialProducer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Test;

/** A producer that is not connected is probed each second, with a message that it cannot send. */
class ProbeIT {
    private static final Duration LONG = Duration.ofMinutes(1);

    @Test
    @SuppressWarnings("deprecation") // the client's interface for statistics is
    void theClientCountsNoProbeAsAFailedMessage() throws Exception {
        try (PulsarClient client = PulsarClient.builder()
                        .serviceUrl(Broker.url())
                        .statsInterval(1, TimeUnit.SECONDS)
                        .build();
                Producer<byte[]> producer = client.newProducer(Schema.BYTES)
                        .topic(Broker.freshTopic("probe"))
                        .create()) {
            OfficialProducer probed = new OfficialProducer(producer, Schema.BYTES);

            assertThat(probed.terminalCause()).isNull();
            assertThat(probed.terminalCause()).isNull();
            assertThatThrownBy(() -> producer.send(new byte[2 * Broker.MAX_MESSAGE_BYTES]))
                    .isInstanceOf(PulsarClientException.InvalidMessageException.class);

            await().atMost(LONG).until(() -> producer.getStats().getTotalSendFailed() > 0);
            assertThat(producer.getStats().getTotalSendFailed()).isEqualTo(1);
            producer.close();
            assertThat(probed.terminalCause()).isInstanceOf(PulsarClientException.AlreadyClosedException.class);
        }
    }
}
