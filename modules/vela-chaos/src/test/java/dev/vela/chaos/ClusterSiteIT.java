package dev.vela.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.AuthenticationFactory;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster whose brokers sit behind proxies. */
@Tag("full")
class ClusterSiteIT {

    private static final Duration LONG = Duration.ofMinutes(2);

    private static Site site;

    @BeforeAll
    static void start() throws Exception {
        site = ClusterSite.start(line -> {}, false);
    }

    @AfterAll
    static void stop() {
        site.close();
    }

    @Test
    void clientsPassTheProxyOfTheBrokerThatHasTheTopic() throws Exception {
        Topics topics = new Topics(new Admin(site.adminUrls(), site.tokens().lasting()), 1);
        topics.create(
                Setup.draw(1, Subject.OFFICIAL, 100).withDimensions(Set.of()).withDeduplication(true));
        try (PulsarClient client = PulsarClient.builder()
                        .serviceUrl(site.serviceUrl())
                        .authentication(
                                AuthenticationFactory.token(site.tokens().lasting()))
                        .build();
                Producer<byte[]> producer = client.newProducer()
                        .topic(topics.main())
                        .sendTimeout(0, TimeUnit.SECONDS)
                        .create()) {
            for (int i = 0; i < site.brokers().size(); i++) {
                Server broker = site.brokers().get(i);
                FaultProxy proxy = site.proxies().get(i);
                FaultProxy other = site.proxies().get(1 - i);

                broker.kill();
                await().atMost(LONG).until(() -> proxy.connections() == 0);

                assertThat(producer.sendAsync(new byte[] {1})).succeedsWithin(LONG);
                assertThat(other.connections()).as("past " + broker.name()).isPositive();
                assertThat(broker.mend()).isTrue();
            }
        }
    }

    @Test
    void whatEndedWhileItWasFrozenIsStartedAgain() {
        Server broker = site.brokers().get(0);
        broker.freeze();
        broker.process().kill();

        site.mend();

        assertThat(site.servers()).allMatch(server -> server.process().isRunning());
        assertThat(broker.mend()).as("had to be started once more").isFalse();
    }

    @Test
    void whatIsFrozenRunsOn() {
        long before = site.zooKeepers().get(0).process().pid();
        site.zooKeepers().get(0).freeze();

        site.mend();

        assertThat(site.servers()).noneMatch(server -> server.process().isFrozen());
        assertThat(site.zooKeepers().get(0).process().pid()).isEqualTo(before);
    }

    @Test
    void keepsTheLogsOfAll(@TempDir Path folder) throws Exception {
        site.keepLogs(folder);

        assertThat(folder)
                .isDirectoryContaining("glob:**/zookeeper.log")
                .isDirectoryContaining("glob:**/bookie-0.log")
                .isDirectoryContaining("glob:**/broker-1.log");
    }
}
