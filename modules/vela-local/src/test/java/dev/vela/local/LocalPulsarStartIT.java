package dev.vela.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.apache.pulsar.client.api.AuthenticationFactory;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a server's data lives, what its configuration may say, and what happens when it cannot start. */
class LocalPulsarStartIT {

    @Test
    @Tag("full")
    void runsTwoSideBySide() throws PulsarClientException {
        Path first;
        try (LocalPulsar one = LocalPulsar.builder().start();
                LocalPulsar two = LocalPulsar.builder().start()) {
            first = one.folder();
            Clients.send(one, "same-name", "one");
            Clients.send(two, "same-name", "two");

            assertThat(Clients.receive(one, "same-name")).isEqualTo("one");
            assertThat(Clients.receive(two, "same-name")).isEqualTo("two");
        }
        assertThat(first).doesNotExist();
    }

    @Test
    void findsItsDataAgainInANamedFolder(@TempDir Path parent) throws PulsarClientException {
        Path folder = parent.resolve("with a \"quoted\" name");
        String url;
        LocalPulsar first = LocalPulsar.builder().folder(folder).start();
        try (first) {
            url = first.serviceUrl();
            Clients.send(first, "kept", "still here");
            assertThatThrownBy(() -> LocalPulsar.builder().folder(folder).start())
                    .isInstanceOf(LocalPulsarException.class)
                    .hasMessageContaining("in use by another local Pulsar");
        }
        first.close();

        assertThat(folder).isDirectory();
        assertThat(first.isRunning()).isFalse();
        assertThatThrownBy(first::restart).isInstanceOf(IllegalStateException.class);
        try (LocalPulsar second = LocalPulsar.builder().folder(folder).start()) {
            assertThat(second.serviceUrl()).isEqualTo(url);
            assertThat(Clients.receive(second, "kept")).isEqualTo("still here");
        }
    }

    @Test
    void failsWithTheEndOfTheLogWhenAnEntryIsBad(@TempDir Path folder) {
        assertThatThrownBy(() -> LocalPulsar.builder()
                        .folder(folder)
                        .config("brokerShutdownTimeoutMs", "soon")
                        .start())
                .isInstanceOf(LocalPulsarException.class)
                .hasMessageContaining("ended with status 1 before it was ready")
                .hasMessageContaining(folder.resolve("server.log").toString())
                .hasMessageContaining("soon");
    }

    @Test
    void failsWithTheEndOfTheLogWhenTheJvmDoesNotStart() {
        assertThatThrownBy(() ->
                        LocalPulsar.builder().jvmOption("-XX:NoSuchOption").start())
                .isInstanceOf(LocalPulsarException.class)
                .hasMessageContaining("ended with status 1 before it was ready")
                .hasMessageContaining("NoSuchOption");
    }

    @Test
    void failsWhenNotReadyInTime() {
        assertThatThrownBy(() -> LocalPulsar.builder()
                        .readyWithin(Duration.ofMillis(200))
                        .start())
                .isInstanceOf(LocalPulsarException.class)
                .hasMessageContaining("was not ready within 200 ms");
    }

    @Test
    void saysThatThePortsOfANamedFolderAreTaken(@TempDir Path folder) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            Ports free = Ports.free(2, new Random());
            Ports ports = new Ports(List.of(socket.getLocalPort(), free.get(0), free.get(1)));
            Files.writeString(folder.resolve("ports"), ports.toString());

            assertThatThrownBy(() -> LocalPulsar.builder().folder(folder).start())
                    .isInstanceOf(LocalPulsarException.class)
                    .hasMessageContaining("ended with status 3 before it was ready")
                    .hasMessageContaining("Address already in use");
        }
    }

    @Test
    void takesTokenAuthenticationAndMessageSizeFromItsEntries() throws Exception {
        LocalPulsarBuilder builder = LocalPulsar.builder();
        Tokens.config().forEach(builder::config);
        try (LocalPulsar pulsar = builder.config("maxMessageSize", "8388608").start();
                PulsarClient stranger = Clients.client(pulsar);
                PulsarClient client = PulsarClient.builder()
                        .serviceUrl(pulsar.serviceUrl())
                        .authentication(AuthenticationFactory.token(Tokens.SUPERUSER))
                        .build()) {
            pulsar.admin().withToken(Tokens.SUPERUSER).createTopic("guarded");

            assertThatThrownBy(() -> pulsar.admin().partitions("guarded"))
                    .isInstanceOfSatisfying(
                            LocalAdminException.class,
                            refused -> assertThat(refused.status()).isEqualTo(401));
            assertThatThrownBy(() -> Clients.producer(stranger, "guarded")).isInstanceOf(PulsarClientException.class);
            try (Producer<byte[]> producer =
                    client.newProducer(Schema.BYTES).topic("guarded").create()) {
                assertThat(producer.send(new byte[7 * 1024 * 1024])).isNotNull();
            }
        }
    }
}
