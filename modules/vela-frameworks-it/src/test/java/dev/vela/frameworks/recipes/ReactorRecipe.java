package dev.vela.frameworks.recipes;

import dev.vela.MessageRejectedException;
import dev.vela.Outcome;
import dev.vela.SupervisedProducer;
import java.time.Duration;
import org.apache.pulsar.client.api.MessageId;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

final class ReactorRecipe {
    private final SupervisedProducer<String> orders;

    ReactorRecipe(SupervisedProducer<String> orders) {
        this.orders = orders;
    }

    Mono<MessageId> place(String order) {
        return Mono.fromFuture(() -> orders.sendAsync(order));
    }

    Mono<MessageId> placeWithRetries(String order) {
        return place(order).retryWhen(Retry.backoff(5, Duration.ofMillis(100)).filter(ReactorRecipe::mayBeSentAgain));
    }

    private static boolean mayBeSentAgain(Throwable failure) {
        return Outcome.of(failure) == Outcome.NOT_SENT && !(failure instanceof MessageRejectedException);
    }

    Flux<MessageId> placeAll(Flux<String> all) {
        return all.flatMapSequential(this::place, 256);
    }
}
