package dev.vela.smallrye;

import dev.vela.Outcome;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;

@ApplicationScoped
public class Orders {
    public enum Result {
        PLACED,
        REFUSED,
        UNKNOWN
    }

    @Inject
    @Channel("orders")
    Emitter<String> emitter;

    public CompletionStage<Result> place(String order) {
        return emitter.send(order).handle((stored, failure) -> {
            if (failure == null) {
                return Result.PLACED;
            }
            return Outcome.of(failure) == Outcome.NOT_SENT ? Result.REFUSED : Result.UNKNOWN;
        });
    }

    boolean hasRequests() {
        return emitter.hasRequests();
    }
}
