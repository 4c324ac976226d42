package dev.vela.internal.handle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vela.internal.pulsar.ScriptedPublisher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClientException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Partitions whose lanes have scripted producers; their supervisors are never started. */
class KeylessRouterTest {

    private static final long ROOM = 20;

    private final OfflineRuntime runtime = new OfflineRuntime(ROOM);
    private final List<ScriptedPublisher> publishers = new ArrayList<>();

    @AfterEach
    void close() {
        runtime.close();
    }

    private PartitionedHandle<byte[]> handle(int partitions) {
        return runtime.partitioned(partitions, false, null);
    }

    /** On the control thread, as the lane wants it. */
    private void attachAll(PartitionedHandle<byte[]> handle) {
        CompletableFuture<Void> attached = new CompletableFuture<>();
        runtime.resources().control().execute(() -> {
            handle.lanes().forEach(lane -> {
                ScriptedPublisher publisher = new ScriptedPublisher();
                publishers.add(publisher);
                lane.attach(publisher, () -> {});
            });
            attached.complete(null);
        });
        attached.join();
    }

    @Test
    void aMessageThatALaneRefusesForOthersThatWaitIsQueuedAndNotOutOfRoom() {
        // Given a partition in whose queue a message with a key waits for the client's memory
        PartitionedHandle<byte[]> handle = handle(1);
        attachAll(handle);
        publishers.get(0).refusing(new PulsarClientException.MemoryBufferIsFullError("full", 0));
        CompletableFuture<MessageId> keyed =
                handle.newMessage().key("key").value(new byte[1]).sendAsync();
        assertThat(keyed).isNotDone();

        // When
        CompletableFuture<MessageId> keyless = handle.sendAsync(new byte[1]);

        // Then it waits, though this handle fails what finds no room
        assertThat(keyless).isNotDone();
        publishers.get(0).refusing(null);
        await().atMost(Duration.ofMinutes(1)).until(() -> {
            publishers.get(0).acknowledgeAll();
            return keyed.isDone() && keyless.isDone();
        });
        assertThat(keyed).isCompleted();
        assertThat(keyless).isCompleted();
    }

    @Test
    void whatWaitsForAPartitionNeedsNoOtherRoomThanItHasWhenOneComes() {
        // Given messages that hold all of the runtime's room, and no producer
        PartitionedHandle<byte[]> handle = handle(2);
        List<CompletableFuture<MessageId>> waiting = new ArrayList<>();
        for (int i = 0; i < ROOM; i++) {
            waiting.add(handle.sendAsync(new byte[1]));
        }
        assertThat(waiting).allSatisfy(send -> assertThat(send).isNotDone());
        assertThat(handle.sendAsync(new byte[1])).failsWithin(Duration.ofMinutes(1));

        // When
        attachAll(handle);
        runtime.resources().control().execute(() -> handle.keylessQueue().scheduleDrain());

        // Then all of them are in flight, though no receipt has come
        await().atMost(Duration.ofMinutes(1))
                .until(() -> publishers.stream()
                                .mapToInt(publisher -> publisher.entries().size())
                                .sum()
                        == ROOM);
    }
}
