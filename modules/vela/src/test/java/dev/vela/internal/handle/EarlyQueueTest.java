package dev.vela.internal.handle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vela.KeyHash;
import dev.vela.NoProducersAvailableException;
import dev.vela.Outcome;
import dev.vela.internal.pulsar.ScriptedPublisher;
import dev.vela.internal.runtime.OfficialTerms;
import dev.vela.internal.runtime.TestSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClientException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A handle that was started while nobody knew its partitions; the test says when they are known. */
class EarlyQueueTest {
    private static final int PARTITIONS = 10;
    private static final int ROOM = 40; // 4 for each partition, once they are known
    private static final Duration LONG = Duration.ofMinutes(1);

    private final OfflineRuntime runtime = new OfflineRuntime(1000);
    private final PartitionedHandle<byte[]> handle =
            runtime.partitioned(PartitionedHandle.UNKNOWN, TestSettings.of(new OfficialTerms("producer", ROOM, false)));

    @BeforeEach
    void start() {
        onControl(() -> handle.lifecycle().start());
    }

    @AfterEach
    void close() {
        runtime.close();
    }

    private void onControl(Runnable task) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        runtime.resources().control().execute(() -> {
            task.run();
            done.complete(null);
        });
        done.join();
    }

    /** The topic has these partitions, and the handle finds out. */
    private void known(String... partitions) {
        runtime.partitions.complete(List.of(partitions));
        onControl(handle::tick);
        await().atMost(LONG).until(handle::isKnown);
        await().atMost(LONG).until(() -> handle.lanes().size() == partitions.length);
    }

    private void knownAsPartitioned() {
        known(IntStream.range(0, PARTITIONS)
                .mapToObj(i -> "topic-partition-" + i)
                .toArray(String[]::new));
    }

    private ScriptedPublisher attach(int partition) {
        ScriptedPublisher publisher = new ScriptedPublisher();
        onControl(() -> {
            handle.lanes().get(partition).attach(publisher, () -> {});
            handle.routed().get(partition).queue().scheduleDrain();
        });
        return publisher;
    }

    private CompletableFuture<MessageId> send(String key) {
        return handle.newMessage().key(key).value(new byte[1]).sendAsync();
    }

    /** A key of a partition. */
    private static String keyOf(int partition) {
        return Stream.iterate(0, i -> i + 1)
                .map(i -> "key" + i)
                .filter(key -> KeyHash.PHASH2.partition(key, PARTITIONS) == partition)
                .findFirst()
                .orElseThrow();
    }

    private static void awaitEntries(ScriptedPublisher publisher, int count) {
        await().atMost(LONG).until(() -> publisher.entries().size() == count);
    }

    @Test
    void aPartitionWithoutRoomHoldsUpNoOther() {
        // Given more messages for one partition than it has room for, and one behind them
        List<CompletableFuture<MessageId>> stuck = new ArrayList<>();
        for (int i = 0; i < ROOM - 1; i++) {
            stuck.add(send(keyOf(0)));
        }
        CompletableFuture<MessageId> other = send(keyOf(1));
        assertThat(send(keyOf(2))).failsWithin(LONG); // there is no more room

        // When
        knownAsPartitioned();
        ScriptedPublisher publisher = attach(1);

        // Then the one goes out, and so do the others once their partition has a producer
        awaitEntries(publisher, 1);
        publisher.acknowledgeAll();
        assertThat(other).succeedsWithin(LONG);
        assertThat(stuck).noneMatch(CompletableFuture::isDone);
        ScriptedPublisher late = attach(0);
        awaitEntries(late, ROOM - 1);
        late.acknowledgeAll();
        assertThat(stuck).allSatisfy(answer -> assertThat(answer).succeedsWithin(LONG));
        assertThat(handle.routed()).allMatch(group -> group.admission().own().messages() == 0);
    }

    @Test
    void messagesWithoutAKeyGoToAnyPartition() {
        List<CompletableFuture<MessageId>> answers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            answers.add(handle.sendAsync(new byte[1]));
        }

        knownAsPartitioned();
        ScriptedPublisher publisher = attach(3).acknowledgingAtOnce();
        onControl(() -> handle.keylessQueue().scheduleDrain());

        assertThat(answers).allSatisfy(answer -> assertThat(answer).succeedsWithin(LONG));
        assertThat(publisher.entries()).isNotEmpty();
    }

    @Test
    void aTopicWithoutPartitionsHasOneOrder() {
        // Given
        List<CompletableFuture<MessageId>> answers = new ArrayList<>();
        answers.add(send("a"));
        answers.add(handle.sendAsync(new byte[1]));
        known("topic");
        answers.add(handle.sendAsync(new byte[1]));
        answers.add(send("b"));

        // When
        ScriptedPublisher publisher = attach(0);
        awaitEntries(publisher, answers.size());

        // Then
        assertThat(handle.getNumOfPartitions()).isZero();
        for (int i = 0; i < answers.size(); i++) {
            assertThat(answers.subList(i, answers.size())).noneMatch(CompletableFuture::isDone);
            publisher.acknowledge(i);
            assertThat(answers.get(i)).succeedsWithin(LONG);
        }
    }

    @Test
    void whatComesAfterTheEndIsAnswered() {
        CompletableFuture<MessageId> before = send("a");

        onControl(handle::dismiss);

        assertStopped(before);
        assertStopped(send("b")); // as one that a thread was about to add
    }

    private static void assertStopped(CompletableFuture<MessageId> answer) {
        assertThat(answer)
                .failsWithin(LONG)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(
                        PulsarClientException.AlreadyClosedException.class,
                        failure -> assertThat(Outcome.of(failure)).isEqualTo(Outcome.NOT_SENT));
    }

    @Test
    void whatWaitsFailsWithTheHandle() {
        CompletableFuture<MessageId> before = send("a");

        onControl(() -> handle.gaveUp(new IllegalStateException("given up")));

        for (CompletableFuture<MessageId> answer : List.of(before, send("b"))) {
            assertThat(answer)
                    .failsWithin(LONG)
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOf(NoProducersAvailableException.class)
                    .withMessageContaining("failed");
        }
    }

    @Test
    void nobodyKnowsThePartitionsWhileALookUpFails() {
        runtime.partitions.completeExceptionally(new PulsarClientException.AuthorizationException("no"));
        onControl(handle::tick);

        await().atMost(LONG).until(handle::isAnswered);
        assertThat(handle.causes()).hasSize(1).first().isInstanceOf(PulsarClientException.AuthorizationException.class);
        assertThat(handle.isKnown()).isFalse();
    }
}
