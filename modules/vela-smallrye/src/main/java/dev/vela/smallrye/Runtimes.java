package dev.vela.smallrye;

import dev.vela.Vela;
import dev.vela.VelaBuilder;
import io.smallrye.reactive.messaging.ClientCustomizer;
import io.smallrye.reactive.messaging.providers.helpers.ConfigUtils;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Reception;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pulsar.client.api.PulsarClient;
import org.apache.pulsar.client.api.PulsarClientException;
import org.eclipse.microprofile.config.Config;

/**
 * The runtimes of an application: one for each client of the connector.
 *
 * <p>Thread-safe.
 */
@ApplicationScoped
class Runtimes {
    /** The connector closes its channels and clients at 50. */
    private static final int BEFORE_CONNECTOR = 40;

    private static final Duration DRAIN = Duration.ofSeconds(10);

    private final Map<PulsarClient, FutureTask<Vela>> runtimes = new ConcurrentHashMap<>();
    private final AtomicInteger number = new AtomicInteger();
    private volatile boolean closed;

    @Inject
    @Any
    Instance<ClientCustomizer<VelaBuilder>> customizers;

    /**
     * The runtime of a client; a new one for a client that has none. Waits while another thread builds it.
     *
     * @throws IllegalStateException if the application is ending
     */
    Vela of(PulsarClient client, Config channel) {
        FutureTask<Vela> fresh = new FutureTask<>(() -> build(client, channel));
        FutureTask<Vela> known = runtimes.putIfAbsent(client, fresh);
        FutureTask<Vela> task = known == null ? fresh : known;
        task.run(); // does nothing if it was run, or is being run
        Vela runtime;
        try {
            runtime = task.get();
        } catch (ExecutionException e) {
            runtimes.remove(client, task);
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        if (closed) {
            runtime.closeAsync(Duration.ZERO);
            throw new IllegalStateException("the application is ending");
        }
        return runtime;
    }

    private Vela build(PulsarClient client, Config channel) {
        int next = number.incrementAndGet();
        VelaBuilder builder = Vela.builder().client(client).name(next == 1 ? "vela" : "vela-" + next);
        try {
            return ConfigUtils.customize(channel, customizers, builder).build();
        } catch (PulsarClientException e) {
            throw new IllegalStateException(e); // a runtime on a client connects to nothing
        }
    }

    void close(
            @Observes(notifyObserver = Reception.IF_EXISTS)
                    @Priority(BEFORE_CONNECTOR)
                    @BeforeDestroyed(ApplicationScoped.class)
                    Object event) {
        closed = true; // a runtime that is being built is closed by its thread
        CompletableFuture.allOf(runtimes.values().stream()
                        .filter(FutureTask::isDone)
                        .map(Runtimes::drained)
                        .toArray(CompletableFuture<?>[]::new))
                .join();
        runtimes.clear();
    }

    private static CompletableFuture<Void> drained(FutureTask<Vela> built) {
        try {
            return built.get().closeAsync(DRAIN);
        } catch (ExecutionException | InterruptedException e) {
            return CompletableFuture.completedFuture(null); // it could not be built
        }
    }
}
