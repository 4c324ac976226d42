package dev.vela.smallrye;

import dev.vela.HandleState;
import dev.vela.SupervisedProducer;
import io.smallrye.reactive.messaging.pulsar.PulsarClientService;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.concurrent.CompletableFuture;

/** Looks at the channel after Vela has ended and before the connector does. */
@ApplicationScoped
class EndProbe {
    static final CompletableFuture<HandleState> STATE = new CompletableFuture<>();
    static final CompletableFuture<Boolean> CLIENT_CLOSED = new CompletableFuture<>();

    @Inject
    PulsarClientService connector;

    void look(@Observes @Priority(45) @BeforeDestroyed(ApplicationScoped.class) Object event) {
        STATE.complete(((SupervisedProducer<?>) connector.getProducer("orders")).state());
        CLIENT_CLOSED.complete(connector.getClient("orders").isClosed());
    }
}
