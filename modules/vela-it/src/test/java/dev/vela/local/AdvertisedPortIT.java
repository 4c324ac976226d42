package dev.vela.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.AuthenticationFactory;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cluster that asks for tokens, and whose clients come through somebody else's ports; and what its folder remembers.
 */
@Tag("full")
class AdvertisedPortIT {

    private static final Duration RECOVERY = Duration.ofMinutes(2);

    @Test
    void sendsClientsToTheAdvertisedPortsOnlyAndKeepsItsDataInANamedFolder(@TempDir Path parent) throws Exception {
        Path folder = parent.resolve("a cluster");
        String adminUrl;
        try (Forwarder first = new Forwarder();
                Forwarder second = new Forwarder();
                LocalCluster cluster = builder(folder)
                        .advertisedPort(0, first.port())
                        .advertisedPort(1, second.port())
                        .start()) {
            adminUrl = cluster.broker(0).adminUrl();
            assertThat(cluster.serviceUrl())
                    .isEqualTo("pulsar://127.0.0.1:" + first.port() + ",127.0.0.1:" + second.port());
            assertThatThrownBy(() -> builder(folder).start())
                    .isInstanceOf(LocalPulsarException.class)
                    .hasMessageContaining("in use by another local Pulsar");
            assertThatThrownBy(() -> cluster.admin().partitions("one"))
                    .isInstanceOfSatisfying(
                            LocalAdminException.class,
                            refused -> assertThat(refused.status()).isEqualTo(401));
            ownEach(cluster, "one", "two");
            assertThat(first.isUsed()).isFalse();
            assertThat(second.isUsed()).isFalse();

            first.forwardTo(cluster.broker(0).port());
            second.forwardTo(cluster.broker(1).port());
            assertClientsComeThrough(first, cluster);
        }
        try (LocalCluster cluster = builder(folder).brokers(1).start()) {
            assertThat(cluster.broker(0).adminUrl()).isEqualTo(adminUrl);
            assertThat(cluster.broker(0).serviceUrl())
                    .isEqualTo("pulsar://127.0.0.1:" + cluster.broker(0).port());
            try (PulsarClient client = client(cluster);
                    Consumer<String> consumer = Clients.consumer(client, "one")) {
                assertThat(Clients.receive(consumer)).isEqualTo("before");
                assertThat(Clients.receive(consumer)).isEqualTo("while cut");
            }
        }
    }

    private static LocalClusterBuilder builder(Path folder) {
        LocalClusterBuilder builder = LocalCluster.builder()
                .folder(folder)
                .readyWithin(Duration.ofMinutes(2))
                .sessionTimeout(Duration.ofMinutes(1));
        Tokens.config().forEach(builder::config);
        return builder;
    }

    private static PulsarClient client(LocalCluster cluster) throws PulsarClientException {
        return PulsarClient.builder()
                .serviceUrl(cluster.serviceUrl())
                .authentication(AuthenticationFactory.token(Tokens.SUPERUSER))
                .maxBackoffInterval(1, TimeUnit.SECONDS)
                .build();
    }

    /** Has each broker own, and load, one of the topics. */
    private static void ownEach(LocalCluster cluster, String... topics) {
        LocalAdmin admin = cluster.admin().withToken(Tokens.SUPERUSER);
        for (int i = 0; i < topics.length; i++) {
            String topic = topics[i];
            LocalBroker broker = cluster.broker(i);
            admin.createTopic(topic);
            await().atMost(RECOVERY).ignoreExceptions().until(() -> {
                if (!cluster.ownerOf(topic).equals(broker)) {
                    admin.moveBundle(topic, broker.adminUrl());
                }
                return cluster.ownerOf(topic).equals(broker);
            });
            assertThat(admin.stats(topic)).contains("msgInCounter");
        }
    }

    private static void assertClientsComeThrough(Forwarder first, LocalCluster cluster) throws IOException {
        try (PulsarClient client = client(cluster);
                Producer<String> one = patientProducer(client, "one");
                Producer<String> two = patientProducer(client, "two")) {
            one.send("before");
            two.send("before");

            first.cut();
            CompletableFuture<MessageId> sent = one.sendAsync("while cut");
            two.send("while the other is cut");
            await().during(Duration.ofMillis(500)).until(() -> !sent.isDone());
            first.forwardTo(cluster.broker(0).port());

            await().atMost(RECOVERY).until(sent::isDone);
            assertThat(sent).isCompleted();
        }
    }

    private static Producer<String> patientProducer(PulsarClient client, String topic) throws PulsarClientException {
        return client.newProducer(Schema.STRING)
                .topic(topic)
                .sendTimeout(0, TimeUnit.SECONDS)
                .create();
    }
}
