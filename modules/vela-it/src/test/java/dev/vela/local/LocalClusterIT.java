package dev.vela.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One cluster, put through all that a test may do to its parts; each test leaves all of them running. */
@Tag("full")
class LocalClusterIT {

    private static final int MEGABYTE = 1 << 20;

    /** For a session to end, and for clients and brokers to find out. */
    private static final Duration TAKEOVER = Duration.ofMinutes(2);

    /** The default. */
    private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(6);

    private static LocalCluster cluster;
    private static LocalAdmin admin;

    private PulsarClient client;

    @BeforeAll
    static void start() {
        cluster = LocalCluster.builder()
                .brokers(2)
                .bookies(1)
                .config("maxMessageSize", Integer.toString(8 * MEGABYTE))
                .jvmOption("-Dfor=all")
                .brokerJvmOption("-Dfor=brokers")
                .bookieJvmOption("-Dfor=bookies")
                .readyWithin(Duration.ofMinutes(2))
                .start();
        admin = cluster.admin();
    }

    @AfterAll
    static void leavesNothingWhenClosed() {
        cluster.bookie(0).freeze();

        cluster.close();
        cluster.close();

        assertThat(cluster.servers()).hasSize(4).noneMatch(LocalServer::isRunning);
        assertThat(cluster.folder()).doesNotExist();
        assertThatThrownBy(cluster.zooKeeper()::restart).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> admin.partitions("any"))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("no broker is running");
    }

    @BeforeEach
    void connect() throws PulsarClientException {
        client = client(cluster.serviceUrl());
    }

    private static PulsarClient client(String serviceUrl) throws PulsarClientException {
        return PulsarClient.builder()
                .serviceUrl(serviceUrl)
                .maxBackoffInterval(1, TimeUnit.SECONDS)
                .build();
    }

    @AfterEach
    void disconnect() {
        client.closeAsync();
    }

    /** A topic that this broker owns. */
    private static String topicOf(LocalBroker broker, String topic) {
        admin.createTopic(topic);
        await().atMost(TAKEOVER).ignoreExceptions().until(() -> {
            if (!cluster.ownerOf(topic).equals(broker)) {
                admin.moveBundle(topic, broker.adminUrl());
            }
            return cluster.ownerOf(topic).equals(broker);
        });
        return topic;
    }

    /** Whether this broker can own the topic and take a message for it. */
    private static void assertServes(LocalBroker broker, String topic) {
        await().atMost(TAKEOVER).ignoreExceptions().until(() -> {
            admin.moveBundle(topic, broker.adminUrl());
            return cluster.ownerOf(topic).equals(broker);
        });
        try (PulsarClient direct = client(broker.serviceUrl());
                Producer<String> producer = Clients.producer(direct, topic)) {
            assertThat(producer.send("served")).isNotNull();
            assertThat(cluster.ownerOf(topic)).isEqualTo(broker);
        } catch (PulsarClientException e) {
            throw new AssertionError(e);
        }
    }

    private static void awaitDone(CompletableFuture<?> future) {
        await().atMost(TAKEOVER).until(future::isDone);
        assertThat(future).isCompleted();
    }

    private Producer<String> patientProducer(String topic) throws PulsarClientException {
        return client.newProducer(Schema.STRING)
                .topic(topic)
                .sendTimeout(0, TimeUnit.SECONDS)
                .create();
    }

    @Test
    void publishesAndReadsThroughEveryBroker() throws PulsarClientException {
        List<String> topics =
                List.of(topicOf(cluster.broker(0), "on-the-first"), topicOf(cluster.broker(1), "on-the-second"));
        for (String topic : topics) {
            try (Producer<String> producer = Clients.producer(client, topic);
                    Consumer<String> consumer = Clients.consumer(client, topic)) {
                producer.send("hello " + topic);
                assertThat(Clients.receive(consumer)).isEqualTo("hello " + topic);
            }
        }
        assertThat(cluster.serviceUrl())
                .isEqualTo("pulsar://127.0.0.1:" + cluster.broker(0).port() + ",127.0.0.1:"
                        + cluster.broker(1).port());
        assertThat(cluster.servers())
                .extracting(LocalServer::name)
                .containsExactly("zookeeper", "bookie-0", "broker-0", "broker-1");
    }

    @Test
    void takesOptionsAndEntriesForItsServers() throws Exception {
        assertThat(jvmOptions("zookeeper")).containsExactly("-Dfor=all");
        assertThat(jvmOptions("bookie-0")).containsExactly("-Dfor=all", "-Dfor=bookies");
        assertThat(jvmOptions("broker-1")).containsExactly("-Dfor=all", "-Dfor=brokers");
        try (Producer<byte[]> producer =
                client.newProducer(Schema.BYTES).topic("large").create()) {
            assertThat(producer.send(new byte[7 * MEGABYTE])).isNotNull();
        }
    }

    private static List<String> jvmOptions(String server) throws IOException {
        try (Stream<String> arguments =
                Files.lines(cluster.folder().resolve(server).resolve("java-arguments"))) {
            return arguments
                    .map(argument -> argument.replace("\"", ""))
                    .filter(argument -> argument.startsWith("-Dfor="))
                    .toList();
        }
    }

    @Test
    void anotherBrokerTakesTheTopicOfAKilledOrStoppedOne() throws PulsarClientException {
        LocalBroker killed = cluster.broker(0);
        String topic = topicOf(killed, "killed");
        try (Producer<String> producer = patientProducer(topic)) {
            producer.send("before");

            killed.kill();

            assertThat(killed.isRunning()).isFalse();
            assertThat(admin.partitions(topic)).isZero();
            awaitDone(producer.sendAsync("after"));
            assertThat(cluster.ownerOf(topic)).isEqualTo(cluster.broker(1));
        }
        killed.restart();
        assertThat(killed.isRunning()).isTrue();
        assertServes(killed, topic);
        killed.stop();
        assertThat(cluster.ownerOf(topic)).isEqualTo(cluster.broker(1));
        killed.restart();
    }

    @Test
    void comesBackOnItsPortsWhileItsOldSessionLasts() throws PulsarClientException {
        LocalBroker broker = cluster.broker(1);
        String topic = topicOf(broker, "back-at-once");
        String serviceUrl = broker.serviceUrl();
        String adminUrl = broker.adminUrl();
        try (Producer<String> producer = patientProducer(topic)) {
            producer.send("before");
            broker.freeze();

            ProcessHandle.of(broker.pid()).orElseThrow().destroyForcibly();

            await().atMost(TAKEOVER).until(() -> !broker.isRunning());
            assertThat(broker.isFrozen()).isFalse();
            assertThatThrownBy(broker::thaw)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageMatching("broker-1 must be running, but process \\d+ has ended");
            assertThatThrownBy(broker::freeze).isInstanceOf(IllegalStateException.class);
            broker.kill();
            broker.stop();
            broker.restart();
            assertThat(broker.serviceUrl()).isEqualTo(serviceUrl);
            assertThat(broker.adminUrl()).isEqualTo(adminUrl);
            awaitDone(producer.sendAsync("after"));
        }
        assertServes(broker, topic);
    }

    @Test
    void anotherBrokerTakesTheTopicOfAFrozenOneThatComesBack() throws PulsarClientException {
        LocalBroker frozen = cluster.broker(0);
        String topic = topicOf(frozen, "frozen");
        try (Producer<String> producer = Clients.producer(client, topic)) {
            producer.send("before");
        }

        frozen.freeze();

        assertThat(frozen.isFrozen()).isTrue();
        assertThat(frozen.isRunning()).isTrue();
        await().atMost(TAKEOVER)
                .ignoreExceptions()
                .until(() -> cluster.ownerOf(topic).equals(cluster.broker(1)));
        try (PulsarClient direct = client(cluster.broker(1).serviceUrl());
                Producer<String> producer = Clients.producer(direct, topic)) {
            producer.send("meanwhile");
        }
        frozen.thaw();
        assertThat(frozen.isFrozen()).isFalse();
        assertServes(frozen, topic);
        assertThat(frozen.isRunning()).isTrue();
    }

    @Test
    void publishingGoesOnAfterABookieWasFrozenAndKilled() throws PulsarClientException {
        LocalServer bookie = cluster.bookie(0);
        try (Producer<String> producer = patientProducer("kept");
                Consumer<String> consumer = Clients.consumer(client, "kept")) {
            producer.send("before");

            bookie.freeze();
            CompletableFuture<MessageId> whileFrozen = producer.sendAsync("while frozen");
            await().during(Duration.ofMillis(500)).until(() -> !whileFrozen.isDone());
            bookie.thaw();
            awaitDone(whileFrozen);

            bookie.kill();
            CompletableFuture<MessageId> whileDead = producer.sendAsync("while dead");
            await().during(Duration.ofMillis(500)).until(() -> !whileDead.isDone());
            bookie.restart();
            awaitDone(whileDead);

            assertThat(Clients.receive(consumer)).isEqualTo("before");
            assertThat(Clients.receive(consumer)).isEqualTo("while frozen");
            assertThat(Clients.receive(consumer)).isEqualTo("while dead");
        }
    }

    @Test
    void serversOutliveTheEndOfTheirSessions() throws PulsarClientException {
        String topic = topicOf(cluster.broker(0), "sessions");
        try (Producer<String> producer = patientProducer(topic)) {
            cluster.zooKeeper().freeze();
            await().atMost(TAKEOVER)
                    .during(SESSION_TIMEOUT.plusSeconds(1))
                    .until(() -> producer.sendAsync("while frozen").get() != null);
            cluster.zooKeeper().thaw();
            for (LocalBroker broker : cluster.brokers()) {
                assertServes(broker, topic);
            }
            awaitDone(producer.sendAsync("after"));
        }
        assertThat(cluster.servers()).allMatch(LocalServer::isRunning);
    }

    @Test
    void loadedTopicsDoNotMissZooKeeper() throws PulsarClientException {
        LocalServer zooKeeper = cluster.zooKeeper();
        try (Producer<String> producer = patientProducer("loaded")) {
            producer.send("before");

            zooKeeper.freeze();
            awaitDone(producer.sendAsync("while frozen"));
            CompletableFuture<Producer<String>> other =
                    client.newProducer(Schema.STRING).topic("not-loaded").createAsync();
            await().during(Duration.ofMillis(500)).until(() -> !other.isDone());
            zooKeeper.thaw();
            awaitDone(other);

            zooKeeper.kill();
            awaitDone(producer.sendAsync("while dead"));
            zooKeeper.restart();
            admin.createPartitionedTopic("created-after", 2);
            awaitDone(client.newProducer(Schema.STRING).topic("created-after").createAsync());
        }
    }
}
