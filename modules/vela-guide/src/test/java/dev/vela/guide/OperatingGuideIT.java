package dev.vela.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.vela.BudgetExceededException;
import dev.vela.HandleState;
import dev.vela.KeyHash;
import dev.vela.NoProducersAvailableException;
import dev.vela.Outcome;
import dev.vela.Snapshot;
import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import dev.vela.test.LocalPulsarExtension;
import dev.vela.test.Topic;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.apache.pulsar.client.api.AuthenticationFactory;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("full")
class OperatingGuideIT {
    private static final Duration AMPLE = Duration.ofMinutes(2);

    @RegisterExtension
    static final LocalPulsarExtension pulsar = LocalPulsarExtension.shared();

    private static List<String> sick(Vela vela) {
        return vela.snapshot().topics().stream()
                .flatMap(topic -> topic.groups().stream())
                .flatMap(group -> group.producers().stream())
                .filter(producer -> !producer.state().isAlive())
                .map(producer -> producer.topic() + " is " + producer.state() + ": "
                        + producer.lastCause().map(Snapshot::causeText).orElse("no cause yet"))
                .toList();
    }

    @Test
    void aTerminatedPartitionIsNamedAndAvoided(Vela vela, @Topic(partitions = 3) String topic) throws Exception {
        SupervisedProducer<String> orders =
                vela.newProducer(Schema.STRING).topic(topic).sendTimeout(AMPLE).start();
        orders.awaitReady(AMPLE);

        pulsar.terminate(topic + "-partition-1");
        await().atMost(AMPLE).until(() -> orders.state() == HandleState.DEGRADED);

        assertThat(sick(vela)).singleElement().asString().contains("-partition-1 is TERMINATED: TopicTerminated");
        for (int i = 0; i < 20; i++) {
            orders.send("without a key");
        }
        String key = keyOfPartition1();
        assertThatThrownBy(
                        () -> orders.newMessage().key(key).value("with a key").send())
                .isInstanceOf(NoProducersAvailableException.class)
                .matches(failure -> Outcome.of(failure) == Outcome.NOT_SENT);
    }

    private static String keyOfPartition1() {
        for (int i = 0; ; i++) {
            if (KeyHash.PHASH2.partition("key-" + i, 3) == 1) {
                return "key-" + i;
            }
        }
    }

    @Test
    void aFencedProducerComesBackByHand(Vela vela, PulsarClient client, @Topic String topic) throws Exception {
        SupervisedProducer<String> orders = vela.newProducer(Schema.STRING)
                .topic(topic)
                .accessMode(ProducerAccessMode.Exclusive)
                .sendTimeout(AMPLE)
                .start();
        orders.awaitReady(AMPLE);

        Producer<byte[]> rival = client.newProducer()
                .topic(topic)
                .accessMode(ProducerAccessMode.ExclusiveWithFencing)
                .create();
        assertThatThrownBy(() -> orders.send("tea")).matches(failure -> Outcome.of(failure) == Outcome.UNKNOWN);
        await().atMost(AMPLE).until(() -> orders.state() == HandleState.DOWN);
        assertThatThrownBy(() -> orders.send("tea")).isInstanceOf(NoProducersAvailableException.class);
        rival.close();
        assertThat(orders.state()).isEqualTo(HandleState.DOWN);

        orders.restart();
        orders.awaitReady(Duration.ofMinutes(1));
        orders.send("tea");
    }

    @Test
    void aSecondExclusiveInstanceStaysDownUntilItIsRestarted(Vela vela, PulsarClient client, @Topic String topic)
            throws Exception {
        Producer<byte[]> old = client.newProducer()
                .topic(topic)
                .accessMode(ProducerAccessMode.Exclusive)
                .create();
        SupervisedProducer<String> young = vela.newProducer(Schema.STRING)
                .topic(topic)
                .accessMode(ProducerAccessMode.Exclusive)
                .sendTimeout(AMPLE)
                .start();
        await().atMost(AMPLE).until(() -> young.state() == HandleState.DOWN);
        assertThat(sick(vela)).singleElement().asString().contains("is FENCED");
        old.close();

        young.restart();
        young.awaitReady(AMPLE);
        young.send("tea");
    }

    @Test
    void aBrokerThatRollsCostsNoMessage(Vela vela, @Topic String topic) throws Exception {
        SupervisedProducer<String> orders =
                vela.newProducer(Schema.STRING).topic(topic).sendTimeout(AMPLE).start();
        orders.send("before");

        pulsar.unload(topic);

        orders.send("after");
        assertThat(pulsar.messages(topic, Schema.STRING)).hasSize(2);
    }

    @Test
    void aFullBudgetIsNamed(Vela vela, @Topic String topic) throws Exception {
        SupervisedProducer<String> orders = vela.newProducer(Schema.STRING)
                .topic(topic)
                .maxPendingMessages(1)
                .blockIfQueueFull(false)
                .sendTimeout(AMPLE)
                .start();
        orders.awaitReady(AMPLE);

        pulsar.freeze();
        CompletableFuture<MessageId> first = orders.sendAsync("tea");
        CompletableFuture<MessageId> second = orders.sendAsync("coffee");
        assertThatThrownBy(second::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(BudgetExceededException.class)
                .hasMessageContaining("is full")
                .matches(failure -> Outcome.of(failure) == Outcome.NOT_SENT);
        pulsar.thaw();
        first.join();
    }

    @Test
    void newPartitionsAreUsed(Vela vela, @Topic(partitions = 2) String topic) throws Exception {
        SupervisedProducer<String> orders = vela.newProducer(Schema.STRING)
                .topic(topic)
                .autoUpdatePartitionsInterval(Duration.ofSeconds(1))
                .start();

        pulsar.admin().updatePartitions(topic, 4);

        await().atMost(AMPLE).until(() -> orders.getNumOfPartitions() == 4);
    }

    /** The broker looks at quotas once a minute. */
    @ParameterizedTest
    @Tag("full")
    @ValueSource(strings = {"producer_exception", "producer_request_hold"})
    void anExceededBacklogQuotaIsTheCauseUntilItIsGone(
            String policy, Vela vela, PulsarClient client, @Topic String topic) throws Exception {
        client.newConsumer().topic(topic).subscriptionName("idle").subscribe().close();
        try (Producer<String> official =
                client.newProducer(Schema.STRING).topic(topic).create()) {
            official.send("backlog");
        }
        quota("POST", "{\"limitSize\":1,\"limitTime\":-1,\"policy\":\"" + policy + "\"}");
        await().atMost(AMPLE).until(() -> isRefusedByQuota(client, topic));

        SupervisedProducer<String> orders =
                vela.newProducer(Schema.STRING).topic(topic).sendTimeout(AMPLE).start();
        await().atMost(AMPLE).until(() -> sick(vela).toString().contains("RESTARTING: ProducerBlockedQuotaExceeded"));

        quota("DELETE", "");
        orders.send("tea");
    }

    private static boolean isRefusedByQuota(PulsarClient client, String topic) throws PulsarClientException {
        try (Producer<byte[]> producer = client.newProducer().topic(topic).create()) {
            return producer == null;
        } catch (PulsarClientException.ProducerBlockedQuotaExceededException
                | PulsarClientException.ProducerBlockedQuotaExceededError e) {
            return true;
        }
    }

    private static void quota(String method, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(pulsar.adminUrl() + "/admin/v2/namespaces/"
                        + pulsar.namespace() + "/backlogQuota?backlogQuotaType=destination_storage"))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(request, HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isBetween(200, 299);
    }

    static void shutDown(Vela vela, SupervisedProducer<String> orders) throws PulsarClientException {
        orders.stop(Duration.ofSeconds(20)); // takes no new messages, answers the accepted ones
        vela.close(); // drains what other handles have, then closes
    }

    @Test
    void aStopAnswersWhatWasAccepted(Vela vela, @Topic String topic) throws Exception {
        SupervisedProducer<String> orders =
                vela.newProducer(Schema.STRING).topic(topic).sendTimeout(AMPLE).start();
        CompletableFuture<MessageId> last = orders.sendAsync("tea");

        shutDown(vela, orders);

        assertThat(last).isDone();
        assertThatThrownBy(() -> orders.send("late"))
                .isInstanceOf(NoProducersAvailableException.class)
                .hasMessageContaining("takes no messages");
    }

    static Vela withToken(String serviceUrl, Supplier<String> readToken) throws PulsarClientException {
        return Vela.builder()
                .serviceUrl(serviceUrl)
                .customizeClient(client -> client.authentication(AuthenticationFactory.token(readToken)))
                .build();
    }
}
