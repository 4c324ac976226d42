package dev.vela.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.AuthenticationFactory;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClient;
import org.junit.jupiter.api.Test;

/** A cluster whose brokers sit behind proxies. */
class ClusterSiteIT {

    private static final Duration LONG = Duration.ofSeconds(90);

    @Test
    void clientsPassTheProxyOfTheBrokerThatHasTheTopic() throws Exception {
        try (Site site = ClusterSite.start(line -> {})) {
            Topics topics = new Topics(new Admin(site.adminUrls(), site.tokens().lasting()));
            topics.create(true);
            try (PulsarClient client = PulsarClient.builder()
                            .serviceUrl(site.serviceUrl())
                            .authentication(
                                    AuthenticationFactory.token(site.tokens().lasting()))
                            .build();
                    Producer<byte[]> producer = client.newProducer()
                            .topic(Topics.MAIN)
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
                    broker.start();
                }
            }
        }
    }
}
