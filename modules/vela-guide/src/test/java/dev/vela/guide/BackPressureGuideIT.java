package dev.vela.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.vela.BudgetExceededException;
import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import dev.vela.test.LocalPulsarExtension;
import dev.vela.test.Topic;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The code of the chapter on back-pressure. */
@Tag("full")
class BackPressureGuideIT {
    private static final Duration LONG = Duration.ofMinutes(2);

    @RegisterExtension
    static final LocalPulsarExtension pulsar = LocalPulsarExtension.shared();

    @Test
    void aFullBudgetFailsASendThatDoesNotWait(Vela vela, @Topic String topic) throws Exception {
        SupervisedProducer<String> orders = vela.newProducer(Schema.STRING)
                .topic(topic)
                .maxPendingMessages(1)
                .blockIfQueueFull(false)
                .sendTimeout(LONG)
                .start();
        orders.awaitReady(LONG);
        pulsar.freeze();

        CompletableFuture<MessageId> first = orders.sendAsync("tea");
        CompletableFuture<MessageId> second = orders.sendAsync("milk");

        assertThat(second)
                .failsWithin(LONG)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(BudgetExceededException.class);

        assertThat(catchThrowable(second::join)).hasMessageContaining("is full, and this producer is set to fail then");

        pulsar.thaw();
        assertThat(first).succeedsWithin(LONG);
    }

    @Test
    void aSubscriberRequestsAsManyAsWereAnswered(Vela vela, @Topic String topic) throws Exception {
        SupervisedProducer<String> orders =
                vela.newProducer(Schema.STRING).topic(topic).sendTimeout(LONG).start();
        Sender sender = new Sender(orders);
        try (SubmissionPublisher<String> publisher = new SubmissionPublisher<>()) {
            publisher.subscribe(sender);
            for (int i = 0; i < 500; i++) {
                publisher.submit("order " + i);
            }
        }

        assertThat(sender.done).succeedsWithin(LONG);
        assertThat(pulsar.messages(topic, Schema.STRING)).hasSize(500);
    }

    private static final class Sender implements Flow.Subscriber<String> {
        private static final int WINDOW = 100;

        private final SupervisedProducer<String> orders;
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private final AtomicInteger open = new AtomicInteger(1); // 1 for the publisher
        private final AtomicReference<Flow.Subscription> subscription = new AtomicReference<>();

        Sender(SupervisedProducer<String> orders) {
            this.orders = orders;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            this.subscription.set(subscription);
            subscription.request(WINDOW);
        }

        @Override
        public void onNext(String order) {
            open.incrementAndGet();
            orders.sendAsync(order).whenComplete((id, failure) -> {
                if (failure != null) {
                    subscription.get().cancel();
                    done.completeExceptionally(failure);
                } else {
                    subscription.get().request(1);
                    leave();
                }
            });
        }

        @Override
        public void onComplete() {
            leave();
        }

        @Override
        public void onError(Throwable failure) {
            done.completeExceptionally(failure);
        }

        private void leave() {
            if (open.decrementAndGet() == 0) {
                done.complete(null);
            }
        }
    }
}
