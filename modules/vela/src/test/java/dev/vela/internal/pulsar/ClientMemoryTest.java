package dev.vela.internal.pulsar;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.SizeUnit;
import org.junit.jupiter.api.Test;

/** What is known of the client under another client, as frameworks have it. */
class ClientMemoryTest {

    @Test
    void theLimitAndTheTimeoutsAreThoseOfTheOfficialClientUnderneath() throws PulsarClientException {
        PulsarClient official = PulsarClient.builder()
                .serviceUrl("pulsar://127.0.0.1:1")
                .memoryLimit(3, SizeUnit.MEGA_BYTES)
                .operationTimeout(40, TimeUnit.SECONDS)
                .build();
        PulsarClient framework = (PulsarClient) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {PulsarClient.class},
                (proxy, method, arguments) -> method.invoke(official, arguments));
        try {
            assertThat(new ClientMemory(official).limit()).isEqualTo(3 << 20);
            assertThat(new ClientMemory(framework).limit()).isEqualTo(3 << 20);
            assertThat(new ClientMemory(framework).whyNotSent()).isNull();
            assertThat(Clients.lookUpTimeout(framework)).isEqualTo(Duration.ofSeconds(40));
        } finally {
            official.shutdown();
        }
    }

    @Test
    void aClientWithoutAnOfficialOneHasNoKnownLimit() {
        PulsarClient destroyed = (PulsarClient) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {PulsarClient.class}, (proxy, method, arguments) -> {
                    throw new IllegalArgumentException("destroyed");
                });

        assertThat(new ClientMemory(destroyed).limit()).isZero();
        assertThat(new ClientMemory(destroyed).whyNotSent()).isNull();
    }
}
