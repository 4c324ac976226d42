package dev.vela.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.MessageRejectedException;
import dev.vela.Outcome;
import dev.vela.test.MockSupervisedProducer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The code of docs/guide/02-outcomes.md. */
class OutcomesGuideTest {
    private final MockSupervisedProducer<String> orders = MockSupervisedProducer.of("orders", Schema.STRING);
    private final List<String> aside = new ArrayList<>();
    private final List<String> again = new ArrayList<>();
    private final List<String> unknown = new ArrayList<>();

    private void place(String order) {
        try {
            orders.newMessage().value(order).timeout(Duration.ofSeconds(2)).send();
        } catch (MessageRejectedException e) {
            aside.add(order);
        } catch (PulsarClientException e) {
            if (Outcome.of(e) == Outcome.NOT_SENT) {
                again.add(order);
            } else {
                unknown.add(order);
            }
        }
    }

    private void decide(String order, @Nullable Throwable failure) {
        if (failure instanceof MessageRejectedException) {
            aside.add(order);
        } else if (failure != null && Outcome.of(failure) == Outcome.NOT_SENT) {
            again.add(order);
        } else if (failure != null) {
            unknown.add(order);
        }
    }

    @Test
    void theOutcomeDecides() {
        orders.failNext(Outcome.UNKNOWN);
        place("tea");
        orders.failNext(Outcome.NOT_SENT);
        place("rice");
        orders.failNext(new MessageRejectedException("too large", null));
        place("elephants");

        assertThat(unknown).containsExactly("tea");
        assertThat(again).containsExactly("rice");
        assertThat(aside).containsExactly("elephants");
    }

    @Test
    void futuresAndCallbacksGetTheSameFailure() {
        orders.failNext(Outcome.UNKNOWN);
        orders.sendAsync("tea").whenComplete((receipt, failure) -> decide("tea", failure));

        orders.failNext(Outcome.NOT_SENT);
        orders.sendAsync("rice", (receipt, failure) -> decide("rice", failure));

        assertThat(unknown).containsExactly("tea");
        assertThat(again).containsExactly("rice");
    }

    @Test
    void aProducerThatIsDownRefuses() {
        orders.fence();

        place("tea");

        assertThat(again).containsExactly("tea");
    }
}
