package dev.vela.internal.handle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vela.Backoff;
import dev.vela.InFlightPolicy;
import dev.vela.KeyHash;
import dev.vela.RestartIntensity;
import dev.vela.internal.pulsar.ScriptedPublisher;
import dev.vela.internal.runtime.ClientCalls;
import dev.vela.internal.runtime.Hooks;
import dev.vela.internal.runtime.ProducerSettings;
import dev.vela.internal.runtime.RuntimeResources;
import dev.vela.internal.runtime.VelaOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Partitions whose lanes have scripted producers; their supervisors are never started. */
class KeylessRouterTest {

    private static final long ROOM = 20;

    private PulsarClient client;
    private RuntimeResources resources;
    private final List<ScriptedPublisher> publishers = new ArrayList<>();

    @BeforeEach
    void open() throws PulsarClientException {
        client = PulsarClient.builder().serviceUrl("pulsar://127.0.0.1:1").build();
        resources = new RuntimeResources(
                client, new VelaOptions(ROOM, 1 << 20, RestartIntensity.of(1, Duration.ofSeconds(1)), event -> {}));
    }

    @AfterEach
    void close() throws PulsarClientException {
        resources.close();
        client.close();
    }

    private PartitionedHandle<byte[]> handle(int partitions) {
        Hooks<byte[]> hooks = new Hooks<>(Schema.BYTES, "topic");
        hooks.hasNoCustomizer();
        ProducerSettings<byte[]> settings = new ProducerSettings<>(
                Schema.BYTES,
                "name",
                "topic",
                1,
                ProducerAccessMode.Shared,
                null,
                null,
                0,
                null,
                KeyHash.PHASH2,
                false,
                true, // fails when full
                1000,
                1 << 20,
                InFlightPolicy.REPORT,
                RestartIntensity.of(1, Duration.ofSeconds(1)),
                Backoff.exponential(Duration.ofMillis(100), Duration.ofSeconds(30)),
                Duration.ofSeconds(30),
                Backoff.exponential(Duration.ofSeconds(1), Duration.ofSeconds(60)),
                Duration.ZERO,
                Duration.ZERO,
                false,
                ProducerSettings.NO_CUSTOMIZER,
                hooks);
        return new PartitionedHandle<>(resources, settings, new NoParent(), partitions, null, "");
    }

    private final class NoParent implements Handle.Owner {
        @Override
        public CompletableFuture<Void> stop(Handle<?> handle, Duration drain) {
            throw new AssertionError();
        }

        @Override
        public ClientCalls calls() {
            return new ClientCalls(resources);
        }

        @Override
        public void revive(Handle<?> handle) {
            throw new AssertionError();
        }
    }

    /** On the control thread, as the lane wants it. */
    private void attachAll(PartitionedHandle<byte[]> handle) {
        CompletableFuture<Void> attached = new CompletableFuture<>();
        resources.control().execute(() -> {
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
        await().until(() -> {
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
        resources.control().execute(() -> handle.keylessQueue().scheduleDrain());

        // Then all of them are in flight, though no receipt has come
        await().until(() -> publishers.stream()
                        .mapToInt(publisher -> publisher.entries().size())
                        .sum()
                == ROOM);
    }
}
