package dev.vela.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.PulsarClient;
import org.junit.jupiter.api.Test;

/** The client still looks inside as this module thinks. */
class ClientContentsTest {

    @Test
    void aFreshClientHoldsNothing() throws Exception {
        try (PulsarClient client = client()) {
            assertThat(ClientContents.of(client)).isEqualTo(new ClientContents(0, 0, 0));
        }
    }

    private static PulsarClient client() throws Exception {
        return PulsarClient.builder()
                .serviceUrl("pulsar://127.0.0.1:1")
                .operationTimeout(1, TimeUnit.SECONDS)
                .build();
    }
}
