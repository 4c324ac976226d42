package dev.vela.test;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.vela.Vela;
import dev.vela.local.LocalPulsar;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The one Pulsar that the tests of a JVM share, with a client for the tests, which can be cut off, and one for what the
 * kit itself does. Started for the first test that asks; it ends with the last test, or with the JVM.
 *
 * <p>Thread-safe.
 */
@SuppressWarnings("deprecation") // newer versions of JUnit close what is AutoCloseable, older ones only the other
final class SharedPulsar implements ExtensionContext.Store.CloseableResource, AutoCloseable {
    private static final Duration READY_WITHIN = Duration.ofMinutes(5);
    private static final AtomicInteger NAMES = new AtomicInteger();

    @GuardedBy("SharedPulsar.class")
    private static @Nullable SharedPulsar current;

    private final LocalPulsar pulsar;
    private final Network network;
    private final Vela tests; // owns the client of the tests
    private final PulsarClient own;

    private SharedPulsar() {
        pulsar = LocalPulsar.builder().readyWithin(READY_WITHIN).start();
        network = new Network();
        try {
            tests = Vela.builder()
                    .serviceUrl(pulsar.serviceUrl())
                    .customizeClient(network::join)
                    .build();
            own = PulsarClient.builder().serviceUrl(pulsar.serviceUrl()).build();
        } catch (PulsarClientException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The shared Pulsar, which is running. Blocks for its start. */
    static synchronized SharedPulsar get() {
        SharedPulsar running = current;
        if (running == null) {
            running = new SharedPulsar();
            current = running;
        }
        return running;
    }

    LocalPulsar pulsar() {
        return pulsar;
    }

    Network network() {
        return network;
    }

    /** The client for tests. */
    PulsarClient client() {
        return tests.client();
    }

    /** A client that is never cut off. */
    PulsarClient own() {
        return own;
    }

    /** A name that no other test has, made of this text. */
    static String freshName(String text) {
        return text.replaceAll("[^A-Za-z0-9]+", "-") + "-" + NAMES.incrementAndGet();
    }

    /** Leaves the server and its network as it was found. */
    void mend() {
        if (pulsar.isRunning()) {
            pulsar.thaw();
        } else {
            pulsar.restart();
        }
    }

    /** Ends the clients, then the server. */
    @Override
    public void close() throws PulsarClientException {
        synchronized (SharedPulsar.class) {
            if (current != this) {
                return;
            }
            current = null;
        }
        try (pulsar;
                network) {
            own.shutdown();
            tests.closeAsync(Duration.ZERO).join();
        }
    }
}
