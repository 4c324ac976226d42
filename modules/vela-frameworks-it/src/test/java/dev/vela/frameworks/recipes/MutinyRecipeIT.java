package dev.vela.frameworks.recipes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.vela.Outcome;
import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import dev.vela.test.LocalPulsarExtension;
import dev.vela.test.Topic;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.Cancellable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("full")
class MutinyRecipeIT {
    private static final Duration LONG = Duration.ofMinutes(2);

    @RegisterExtension
    static final LocalPulsarExtension pulsar = LocalPulsarExtension.shared();

    private SupervisedProducer<String> producer;
    private MutinyRecipe recipe;

    @BeforeEach
    void start(Vela vela, @Topic String topic) throws PulsarClientException {
        producer = vela.newProducer(Schema.STRING)
                .topic(topic)
                .sendTimeout(LONG)
                .blockIfQueueFull(false)
                .start();
        producer.awaitReady(LONG);
        recipe = new MutinyRecipe(producer);
    }

    @Test
    void manyAreSentInTheOrderOfTheMulti(@Topic String topic) throws PulsarClientException {
        List<String> all = IntStream.range(0, 1_000).mapToObj(i -> "order " + i).toList();

        assertThat(recipe.placeAll(Multi.createFrom().iterable(all))
                        .collect()
                        .asList()
                        .await()
                        .atMost(LONG))
                .hasSize(1_000);

        assertThat(values(topic)).isEqualTo(all);
    }

    @Test
    void nothingIsSentBeforeASubscription(@Topic String topic) throws PulsarClientException {
        recipe.place("tea");
        producer.flush();

        assertThat(values(topic)).isEmpty();
    }

    @Test
    void aCancelledMessageIsStoredAllTheSameAndNobodyHears(@Topic String topic) throws PulsarClientException {
        List<Object> heard = Collections.synchronizedList(new ArrayList<>());
        pulsar.freeze();
        Cancellable sent = recipe.place("tea").subscribe().with(heard::add, heard::add);
        sent.cancel();
        pulsar.thaw();
        producer.flush();

        assertThat(heard).isEmpty();
        assertThat(values(topic)).containsExactly("tea");
    }

    @Test
    void aFailureTellsItsOutcomeAlsoAfterRetries() {
        Terminated.terminate(pulsar, producer);

        Throwable failure = catchThrowable(() -> recipe.place("tea").await().atMost(LONG));
        Throwable retried =
                catchThrowable(() -> recipe.placeWithRetries("tea").await().atMost(LONG));
        assertThat(retried.getCause().getSuppressed())
                .anySatisfy(suppressed -> assertThat(suppressed).hasMessageContaining("Retries exhausted: 5/5"));
        assertThat(List.of(Outcome.of(failure), Outcome.of(retried))).containsOnly(Outcome.NOT_SENT);
    }

    private static List<String> values(String topic) throws PulsarClientException {
        return pulsar.messages(topic, Schema.STRING).stream()
                .map(Message::getValue)
                .toList();
    }
}
