package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.vela.ChildSpec;
import dev.vela.HandleState;
import dev.vela.NoProducersAvailableException;
import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import dev.vela.VelaEvent;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.PulsarClientException.AlreadyClosedException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Test;

/** A client of the application's that the application closes before what uses it. */
class ClosedClientIT {
    private static final Duration SOON = Duration.ofMinutes(1);

    private static PulsarClient client(String url) throws PulsarClientException {
        return PulsarClient.builder()
                .serviceUrl(url)
                .operationTimeout(1, TimeUnit.SECONDS)
                .build();
    }

    @Test
    void handlesFailForGoodAndSayWhy() throws Exception {
        Journal journal = new Journal();
        PulsarClient client = client(Broker.url());
        try (Vela vela =
                new PatientVela(Vela.builder().client(client).listener(journal).build())) {
            SupervisedProducer<String> group = vela.newProducer(Schema.STRING)
                    .topic(Broker.freshTopic("closed"))
                    .start();
            SupervisedProducer<String> partitioned = vela.newProducer(Schema.STRING)
                    .topic(Broker.freshPartitionedTopic("closed", 2))
                    .start();
            group.awaitReady(SOON);
            partitioned.awaitReady(SOON);

            client.close();

            for (SupervisedProducer<String> handle :
                    vela.producers().stream().map(ClosedClientIT::ofStrings).toList()) {
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(handle.state()).isEqualTo(HandleState.FAILED));
                assertThat(handle.snapshot().lastCause()).containsInstanceOf(AlreadyClosedException.class);
                assertThat(Answers.notSent(handle.sendAsync("v"), NoProducersAvailableException.class))
                        .hasCauseInstanceOf(AlreadyClosedException.class);
                await().atMost(SOON)
                        .untilAsserted(() ->
                                assertThat(journal.types(handle.getTopic())).containsOnlyOnce(VelaEvent.Type.FAILED));
            }
            group.restart(); // is in vain, and says so again
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(journal.types(group.getTopic()))
                            .filteredOn(VelaEvent.Type.FAILED::equals)
                            .hasSize(2));
            group.close();
        }
    }

    @SuppressWarnings("unchecked") // all that are started here are
    private static SupervisedProducer<String> ofStrings(SupervisedProducer<?> handle) {
        return (SupervisedProducer<String>) handle;
    }

    @Test
    void startFailsAtOnceAndLeavesTheNameFree() throws Exception {
        PulsarClient client = client(Broker.url());
        client.close();
        try (Vela vela = new PatientVela(Vela.on(client))) {
            for (int i = 0; i < 2; i++) {
                assertThatExceptionOfType(AlreadyClosedException.class)
                        .isThrownBy(() ->
                                vela.newProducer(Schema.STRING).topic("orders").start())
                        .withMessageContaining("client");
                assertThatExceptionOfType(AlreadyClosedException.class)
                        .isThrownBy(() -> vela.newProducerGroup(Schema.STRING)
                                .topic("orders")
                                .start());
            }
            assertThat(vela.find("orders")).isEmpty();
        }
    }

    @Test
    void startThatIsUnderWayEnds() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            PulsarClient client = client("pulsar://127.0.0.1:" + silent.getLocalPort());
            try (Vela vela = new PatientVela(Vela.on(client))) {
                CompletableFuture<?> started =
                        vela.newProducer(Schema.STRING).topic("orders").startAsync();
                client.closeAsync();

                assertThat(started).failsWithin(SOON);
                assertThat(vela.find("orders")).isEmpty();
            }
        }
    }

    @Test
    void handleThatIsNotStartedAgainSaysWhyToo() throws Exception {
        PulsarClient client = client(Broker.url());
        try (Vela vela = new PatientVela(Vela.on(client))) {
            vela.startAsync(vela.newProducerGroup(Schema.STRING)
                            .topic(Broker.freshTopic("closed"))
                            .childSpec()
                            .withRestart(ChildSpec.Restart.TRANSIENT))
                    .get(1, TimeUnit.MINUTES);
            SupervisedProducer<?> handle = vela.producers().get(0);
            handle.awaitReady(SOON);

            client.close();

            await().atMost(SOON).untilAsserted(() -> assertThat(handle.state()).isEqualTo(HandleState.FAILED));
            assertThat(handle.snapshot().lastCause()).containsInstanceOf(AlreadyClosedException.class);
        }
    }
}
