package dev.vela.internal.handle;

import dev.vela.internal.live.EventLog;
import dev.vela.internal.runtime.ClientCalls;
import dev.vela.internal.runtime.HandleContext;
import dev.vela.internal.runtime.Options;
import dev.vela.internal.runtime.ProducerSettings;
import dev.vela.internal.runtime.RuntimeResources;
import dev.vela.internal.runtime.TestSettings;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.jspecify.annotations.Nullable;

/**
 * The resources of a runtime whose client is connected to nothing, and handles on them whose supervisors are never
 * started.
 */
final class OfflineRuntime implements AutoCloseable {
    /** What the next look-ups of a topic are answered with. */
    final CompletableFuture<List<String>> partitions = new CompletableFuture<>();

    private final PulsarClient client;
    private final RuntimeResources resources;

    OfflineRuntime(long maxPendingMessages) {
        try {
            client = PulsarClient.builder().serviceUrl("pulsar://127.0.0.1:1").build();
        } catch (PulsarClientException e) {
            throw new AssertionError(e);
        }
        PulsarClient scripted = (PulsarClient) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {PulsarClient.class},
                (proxy, method, arguments) -> method.getName().equals("getPartitionsForTopic")
                        ? partitions
                        : method.invoke(client, arguments));
        resources = new RuntimeResources(scripted, Options.of(maxPendingMessages, 1 << 20), new EventLog("test"));
    }

    RuntimeResources resources() {
        return resources;
    }

    PartitionedHandle<byte[]> partitioned(int partitions, boolean blockIfQueueFull, @Nullable Duration sendTimeout) {
        return partitioned(partitions, TestSettings.of(blockIfQueueFull, sendTimeout));
    }

    PartitionedHandle<byte[]> partitioned(int partitions, ProducerSettings<byte[]> settings) {
        HandleContext<byte[]> context = HandleContext.of(resources, "name", settings);
        context.hooks().hasNoCustomizer();
        return new PartitionedHandle<>(resources, context, new NoParent(), partitions, null, "");
    }

    private final class NoParent implements Handle.Parent {
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

    @Override
    public void close() {
        resources.close(() -> {});
        client.closeAsync(); // not awaited: its threads take seconds to end
    }
}
