package dev.vela.frameworks.recipes;

import dev.vela.MessageRejectedException;
import dev.vela.Outcome;
import dev.vela.SupervisedProducer;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import org.apache.pulsar.client.api.MessageId;

final class MutinyRecipe {
    private final SupervisedProducer<String> orders;

    MutinyRecipe(SupervisedProducer<String> orders) {
        this.orders = orders;
    }

    Uni<MessageId> place(String order) {
        return Uni.createFrom().completionStage(() -> orders.sendAsync(order));
    }

    Uni<MessageId> placeWithRetries(String order) {
        return place(order)
                .onFailure(MutinyRecipe::mayBeSentAgain)
                .retry()
                .withBackOff(Duration.ofMillis(100))
                .atMost(5);
    }

    private static boolean mayBeSentAgain(Throwable failure) {
        return Outcome.of(failure) == Outcome.NOT_SENT && !(failure instanceof MessageRejectedException);
    }

    Multi<MessageId> placeAll(Multi<String> all) {
        return all.onItem().transformToUni(this::place).merge(256);
    }
}
