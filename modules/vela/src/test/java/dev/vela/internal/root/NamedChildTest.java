package dev.vela.internal.root;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.ChildSpec;
import dev.vela.internal.handle.Handle;
import dev.vela.internal.live.EventLog;
import dev.vela.internal.runtime.Options;
import dev.vela.internal.runtime.RuntimeResources;
import dev.vela.internal.runtime.VelaOptions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A child that is stopped in the moments before it has started. */
class NamedChildTest {
    private static final Duration SOON = Duration.ofMinutes(1);
    private static final VelaOptions OPTIONS = Options.of(1000, 1 << 20);

    private PulsarClient client;
    private RuntimeResources resources;

    @BeforeEach
    void connectToNothing() throws Exception {
        client = PulsarClient.builder().serviceUrl("pulsar://127.0.0.1:1").build();
        resources = new RuntimeResources(client, OPTIONS, new EventLog("test"));
    }

    @AfterEach
    void close() throws Exception {
        resources.close(() -> {});
        client.close();
    }

    private NamedChild child(ChildSpec spec) {
        return new NamedChild(resources, spec, ended -> {});
    }

    @Test
    void oneThatGotItsHandleWhileItWasStoppedIsDrained() {
        // Given a child that was stopped just before it got its handle
        ChildSpec spec = new DefaultVela(client, false, OPTIONS)
                .newProducerGroup(Schema.BYTES)
                .topic("orders")
                .childSpec();
        NamedChild child = child(spec);
        Handle<?> handle =
                ((HandleSpec<?>) spec.starter()).handle(resources, child).join();
        CompletableFuture<Void> stopped = child.stop(Duration.ofHours(1));
        child.startHandle(handle);

        // When everything is stopped
        CompletableFuture<Void> drained = child.drain(Duration.ofHours(1));

        // Then nobody waits for what it has to drain
        assertThat(drained).succeedsWithin(SOON);
        assertThat(stopped).succeedsWithin(SOON);
    }

    @Test
    void aStartAfterItWasStoppedFails() {
        ChildSpec spec = ChildSpec.of("metrics", () -> {
            throw new AssertionError("must not be started");
        });
        NamedChild child = child(spec);
        assertThat(child.stop(Duration.ZERO)).succeedsWithin(SOON);

        assertThat(child.start())
                .failsWithin(SOON)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(PulsarClientException.AlreadyClosedException.class);
    }
}
