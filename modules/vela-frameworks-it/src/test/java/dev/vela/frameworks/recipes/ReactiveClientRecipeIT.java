package dev.vela.frameworks.recipes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;

@Tag("full")
class ReactiveClientRecipeIT {
    private static final Duration LONG = Duration.ofMinutes(2);

    @RegisterExtension
    static final LocalPulsarExtension pulsar = LocalPulsarExtension.shared();

    @Test
    void manyAreStored(Vela vela, @Topic String topic) throws PulsarClientException {
        ReactiveClientRecipe recipe = new ReactiveClientRecipe(vela.supervisedClient(), topic);
        List<String> all = IntStream.range(0, 1_000).mapToObj(i -> "order " + i).toList();

        assertThat(recipe.placeAll(Flux.fromIterable(all)).collectList().block(LONG))
                .hasSize(1_000);

        assertThat(values(topic)).isEqualTo(all);
        assertThat(vela.producers()).hasSize(1);
    }

    @Test
    void aCancelledMessageIsStoredAllTheSameAndItsProducerIsKept(Vela vela, @Topic String topic)
            throws PulsarClientException {
        ReactiveClientRecipe recipe = new ReactiveClientRecipe(vela.supervisedClient(), topic);
        recipe.place("first").block(LONG);

        pulsar.freeze();
        SupervisedProducer<?> producer = vela.producers().iterator().next();
        Disposable sent = recipe.place("tea").subscribe();
        await().atMost(LONG)
                .until(() -> producer.snapshot().pendingMessages() == 1); // the sender has threads of its own
        sent.dispose();
        pulsar.thaw();
        producer.flush();

        assertThat(values(topic)).containsExactly("first", "tea");
        assertThat(vela.producers()).hasSize(1);
    }

    @Test
    void aRejectedMessageTellsItsOutcome(Vela vela, @Topic String topic) {
        ReactiveClientRecipe recipe = new ReactiveClientRecipe(vela.supervisedClient(), topic);

        Throwable failure =
                catchThrowable(() -> recipe.place("x".repeat(6 << 20)).block(LONG));

        assertThat(Outcome.of(failure)).isEqualTo(Outcome.NOT_SENT);
    }

    @Test
    void whileNoProducerCanBeCreatedTheFailureIsThatOfTheCreation(Vela vela, @Topic String topic) {
        ReactiveClientRecipe recipe = new ReactiveClientRecipe(vela.supervisedClient(), topic);
        recipe.place("first").block(LONG);
        Terminated.terminate(pulsar, vela.producers().iterator().next());

        Throwable failure = catchThrowable(() -> recipe.place("tea").block(LONG));

        assertThat(failure).hasCauseInstanceOf(PulsarClientException.TopicTerminatedException.class);
        assertThat(Outcome.of(failure)).isEqualTo(Outcome.UNKNOWN);
    }

    private static List<String> values(String topic) throws PulsarClientException {
        return pulsar.messages(topic, Schema.STRING).stream()
                .map(Message::getValue)
                .toList();
    }
}
