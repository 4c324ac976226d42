package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.Batching;
import dev.vela.ProducerGroup;
import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Batches of producers with stable names, and sequence ids of the application's own, where the broker deduplicates. */
class BatchedDeduplicationIT {
    private static final Batching FIVES = Batching.defaults()
            .withMaxMessages(5)
            .withFlush(Batching.Flush.AT_INTERVAL)
            .withFlushInterval(Duration.ofSeconds(20));

    private final String namespace = Broker.freshNamespace("dedup");
    private final String topic = "persistent://" + namespace + "/orders";

    @BeforeEach
    void deduplicate() {
        Broker.admin().setDeduplication(namespace, true);
        Broker.admin().createTopic(topic);
    }

    @Test
    void whatWasStoredInTheSameEntriesBeforeARestartIsNotStoredAgain() throws Exception {
        try (Vela vela = Broker.vela()) {
            assertThat(duplicates(send(start(vela), 1, 20))).isEmpty();
        }
        try (Vela vela = Broker.vela()) {
            assertThat(duplicates(send(start(vela), 11, 30))).containsExactlyElementsOf(range(0, 9));
        }

        assertStoredOnce(30);
    }

    @Test
    void anEntryThatIsSentAgainByTheSameHandleIsNotStoredAgain() throws Exception {
        try (Vela vela = Broker.vela()) {
            ProducerGroup<String> group = start(vela);
            assertThat(duplicates(send(group, 1, 10))).isEmpty();

            assertThat(duplicates(send(group, 6, 15))).containsExactlyElementsOf(range(0, 4));
        }

        assertStoredOnce(15);
    }

    @Test
    void anOverlapThatIsCutIntoOtherEntriesIsNotStoredAgain() throws Exception {
        try (Vela vela = Broker.vela()) {
            ProducerGroup<String> group = start(vela);
            send(group, 1, 8);

            assertThat(duplicates(send(group, 4, 15))).containsExactlyElementsOf(range(0, 4));
        }

        assertStoredOnce(15);
    }

    @Test
    void anOverlapThatIsCutIntoOtherEntriesAfterARestartIsNotStoredAgain() throws Exception {
        try (Vela vela = Broker.vela()) {
            send(start(vela), 1, 8);
        }
        try (Vela vela = Broker.vela()) {
            assertThat(duplicates(send(start(vela), 4, 15))).containsExactlyElementsOf(range(0, 4));
        }

        assertStoredOnce(15);
    }

    @Test
    void idsOfTheProducersOwnGoOnAfterARestart() throws Exception {
        for (int run = 0; run < 2; run++) {
            try (Vela vela = Broker.vela()) {
                ProducerGroup<String> group = start(vela);
                List<CompletableFuture<MessageId>> answers = range(1 + 12 * run, 12 + 12 * run).stream()
                        .map(i -> group.sendAsync("v" + i))
                        .toList();
                group.flush();
                assertThat(duplicates(answers.stream().map(Answers::receipt).toList()))
                        .isEmpty();
            }
        }

        assertStoredOnce(24);
    }

    @Test
    void receiptsOfStoredMessagesAreTheIdsThatConsumersSee() throws Exception {
        try (Vela vela = Broker.vela()) {
            List<MessageId> receipts = send(start(vela), 1, 12);
            assertThat(Broker.read(topic, Schema.STRING, 12))
                    .extracting(Message::getMessageId)
                    .containsExactlyElementsOf(receipts);
        }
    }

    private List<MessageId> send(ProducerGroup<String> group, int first, int last) throws Exception {
        List<CompletableFuture<MessageId>> answers = new ArrayList<>();
        for (int i = first; i <= last; i++) {
            answers.add(group.newMessage().sequenceId(i).value("v" + i).sendAsync());
        }
        group.flush();
        return answers.stream().map(Answers::receipt).toList();
    }

    private ProducerGroup<String> start(Vela vela) throws PulsarClientException {
        ProducerGroup<String> group = vela.newProducerGroup(Schema.STRING)
                .topic(topic)
                .name("stable")
                .stableNames(true)
                .batching(FIVES)
                .start();
        group.awaitReady(Duration.ofMinutes(1));
        return group;
    }

    /** The indexes of those receipts that say that the broker had the message already. */
    private static List<Integer> duplicates(List<MessageId> receipts) {
        return range(0, receipts.size() - 1).stream()
                .filter(i -> SupervisedProducer.isDuplicate(receipts.get(i)))
                .toList();
    }

    private static List<Integer> range(int first, int last) {
        return IntStream.rangeClosed(first, last).boxed().toList();
    }

    private void assertStoredOnce(int count) throws PulsarClientException {
        assertThat(Broker.readAll(topic, Schema.STRING))
                .extracting(Message::getValue)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, count).mapToObj(i -> "v" + i).toList());
    }
}
