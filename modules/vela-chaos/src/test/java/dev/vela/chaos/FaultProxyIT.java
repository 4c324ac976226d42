package dev.vela.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.vela.chaos.FaultProxy.Direction;
import dev.vela.chaos.FaultProxy.Passage;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.AuthenticationFactory;
import org.apache.pulsar.client.api.ClientBuilder;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A real Pulsar behind the proxy: what its look-ups answer is the proxy's address, so nothing gets past it. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@Tag("full")
class FaultProxyIT {

    private static final Duration LONG = Duration.ofSeconds(60);

    private static StandaloneSite site;
    private static FaultProxy proxy;
    private static Topics topics;

    @BeforeAll
    static void start() throws Exception {
        site = StandaloneSite.start(line -> {}, false);
        proxy = site.proxies().get(0);
        topics = new Topics(new Admin(site.adminUrls(), site.tokens().lasting()), 1);
        topics.create(
                Setup.draw(1, Subject.OFFICIAL, 100).withDimensions(Set.of()).withDeduplication(false));
    }

    @AfterAll
    static void stop() {
        site.close();
    }

    private static ClientBuilder client() {
        return PulsarClient.builder()
                .serviceUrl(site.serviceUrl())
                .authentication(AuthenticationFactory.token(site.tokens().lasting()));
    }

    @Test
    void anExpiredTokenIsRefused() throws Exception {
        try (PulsarClient client = PulsarClient.builder()
                .serviceUrl(site.serviceUrl())
                .authentication(AuthenticationFactory.token(
                        site.tokens().issue(Instant.now().minusSeconds(60))))
                .build()) {
            assertThatThrownBy(() -> client.newProducer().topic(topics.main()).create())
                    .isInstanceOf(PulsarClientException.AuthenticationException.class);
        }
    }

    @Test
    void receiptsDoNotGetPastItAndComeAfterItHeals() throws Exception {
        try (PulsarClient client =
                        client().keepAliveInterval(2, TimeUnit.SECONDS).build();
                Producer<byte[]> producer = client.newProducer()
                        .topic(topics.main())
                        .enableBatching(false)
                        .sendTimeout(0, TimeUnit.SECONDS)
                        .create()) {
            producer.send(new byte[] {1});
            assertThat(proxy.connections()).isPositive();

            proxy.set(Direction.TO_CLIENT, Passage.SWALLOWED);
            CompletableFuture<MessageId> second = producer.sendAsync(new byte[] {2});
            await().during(Duration.ofSeconds(1)).until(() -> !second.isDone());
            proxy.heal();

            assertThat(second).succeedsWithin(LONG);
        }
    }

    @Test
    void aCutIsReconnectedThroughItAgain() throws Exception {
        try (PulsarClient client = client().build();
                Producer<byte[]> producer =
                        client.newProducer().topic(topics.main()).create()) {
            producer.send(new byte[] {1});

            proxy.cut();

            assertThat(producer.sendAsync(new byte[] {2})).succeedsWithin(LONG);
            assertThat(proxy.connections()).isPositive();
        }
    }

    @Test
    void namesOfThoseWhoPublishAreKnown() throws Exception {
        try (PulsarClient client = client().build();
                Producer<byte[]> ignored = client.newProducer()
                        .topic(topics.main())
                        .producerName("somebody")
                        .create()) {
            assertThat(topics.producers(0)).containsExactly("somebody");
        }
    }
}
