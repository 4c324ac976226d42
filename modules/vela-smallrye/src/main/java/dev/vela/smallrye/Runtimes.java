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

    private final Map<PulsarClient, Vela> runtimes = new ConcurrentHashMap<>();

    @Inject
    @Any
    Instance<ClientCustomizer<VelaBuilder>> customizers;

    /** The runtime of a client; a new one for a client that has none. */
    Vela of(PulsarClient client, Config channel) {
        Vela known = runtimes.get(client);
        if (known != null) {
            return known;
        }
        Vela fresh = build(client, channel);
        Vela other = runtimes.putIfAbsent(client, fresh);
        if (other == null) {
            return fresh;
        }
        fresh.closeAsync(Duration.ZERO);
        return other;
    }

    private Vela build(PulsarClient client, Config channel) {
        int number = runtimes.size() + 1;
        VelaBuilder builder = Vela.builder().client(client).name(number == 1 ? "vela" : "vela-" + number);
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
        CompletableFuture.allOf(runtimes.values().stream()
                        .map(runtime -> runtime.closeAsync(DRAIN))
                        .toArray(CompletableFuture<?>[]::new))
                .join();
        runtimes.clear();
    }
}
