package dev.vela.local;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
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

    @Tag("full")
    @Test
    void findsItsDataAgainInANamedFolder(@TempDir Path parent) throws Exception {
        Path folder = parent.resolve("with a \"quoted\" name");
        String url;
        String secret = "data:;base64,c2VjcmV0LW9mLXRoaXMtdGVzdC1hbmQtb2Ytbm8tb3RoZXI=";
        LocalPulsar first = LocalPulsar.builder()
                .folder(folder)
                .config("tokenSecretKey", secret)
                .start();
        try (first) {
            assertThat(readableByOthers(folder, secret)).isEmpty();
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

    /** The files that hold the text, and that not only their owner may read. */
    private static List<Path> readableByOthers(Path folder, String text) throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (Files.readString(file, ISO_8859_1).contains(text)
                        && !PosixFilePermissions.toString(Files.getPosixFilePermissions(file))
                                .equals("rw-------")) {
                    found.add(file);
                }
            }
        }
        return found;
    }

    @Tag("full")
    @Test
    void takesAMessageJustBelowTheBrokersDefaultLimit() throws PulsarClientException {
        int limit = 5 * 1024 * 1024;
        try (LocalPulsar pulsar = LocalPulsar.builder().start();
                PulsarClient client = Clients.client(pulsar);
                Producer<byte[]> producer =
                        client.newProducer(Schema.BYTES).topic("large").create()) {
            producer.send(new byte[limit - 60]);
            producer.send("after it".getBytes(ISO_8859_1));

            assertThat(producer.getLastSequenceId()).isEqualTo(1);
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

    @Tag("full")
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

    @Tag("full")
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
