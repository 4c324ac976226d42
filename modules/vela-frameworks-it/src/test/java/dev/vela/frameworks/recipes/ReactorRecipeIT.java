package dev.vela.frameworks.recipes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.vela.NoProducersAvailableException;
import dev.vela.Outcome;
import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import dev.vela.test.LocalPulsarExtension;
import dev.vela.test.Topic;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

@Tag("full")
class ReactorRecipeIT {
    private static final Duration LONG = Duration.ofMinutes(2);

    @RegisterExtension
    static final LocalPulsarExtension pulsar = LocalPulsarExtension.shared();

    private SupervisedProducer<String> producer;
    private ReactorRecipe recipe;

    @BeforeEach
    void start(Vela vela, @Topic String topic) throws PulsarClientException {
        producer = vela.newProducer(Schema.STRING)
                .topic(topic)
                .sendTimeout(LONG)
                .blockIfQueueFull(false)
                .start();
        producer.awaitReady(LONG);
        recipe = new ReactorRecipe(producer);
    }

    @Test
    void manyAreSentInTheOrderOfTheFlux(@Topic String topic) throws PulsarClientException {
        List<String> all = IntStream.range(0, 1_000).mapToObj(i -> "order " + i).toList();

        assertThat(recipe.placeAll(Flux.fromIterable(all)).collectList().block(LONG))
                .hasSize(1_000)
                .isSorted();

        assertThat(values(topic)).isEqualTo(all);
    }

    @Test
    void nothingIsSentBeforeASubscription(@Topic String topic) throws PulsarClientException {
        recipe.place("tea");
        producer.flush();

        assertThat(values(topic)).isEmpty();
    }

    @Test
    void aCancelledMessageIsStoredAllTheSame(@Topic String topic) throws PulsarClientException {
        pulsar.freeze();
        Disposable sent = recipe.place("tea").subscribe();
        sent.dispose();
        pulsar.thaw();
        producer.flush();

        assertThat(sent.isDisposed()).isTrue();
        assertThat(values(topic)).containsExactly("tea");
    }

    @Test
    void aFailureTellsItsOutcomeAlsoAfterRetries() {
        Terminated.terminate(pulsar, producer);

        Throwable failure = catchThrowable(() -> recipe.place("tea").block(LONG));
        assertThat(failure).hasCauseInstanceOf(NoProducersAvailableException.class);
        Throwable retried = catchThrowable(() -> recipe.placeWithRetries("tea").block(LONG));
        assertThat(retried).hasMessageContaining("Retries exhausted: 5/5");
        assertThat(List.of(Outcome.of(failure), Outcome.of(retried))).containsOnly(Outcome.NOT_SENT);
    }

    private static List<String> values(String topic) throws PulsarClientException {
        return pulsar.messages(topic, Schema.STRING).stream()
                .map(Message::getValue)
                .toList();
    }
}
