package dev.vela.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.HandleState;
import dev.vela.Outcome;
import dev.vela.ProducerGroup;
import dev.vela.SendCallback;
import dev.vela.SupervisedProducer;
import dev.vela.Vela;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.Test;

/** Who sends through a handle that is closed gets an answer all the same. */
class AfterCloseIT {
    private static final Duration LONG = Duration.ofMinutes(1);

    @Test
    void answersSendsThatComeAfterTheEnd() throws Exception {
        // Given a closed runtime
        String topic = Broker.freshTopic("closed");
        ProducerGroup<String> group;
        try (Vela vela = new PatientVela(Vela.connect(Broker.url()))) {
            group = vela.newProducerGroup(Schema.STRING).topic(topic).start();
            group.send("in time");
        }

        // When messages still come, then each is refused at once
        for (int i = 0; i < 3; i++) {
            CompletableFuture<MessageId> late = group.newMessage()
                    .value("late")
                    .timeout(Duration.ofMinutes(10))
                    .sendAsync();
            assertThat(late)
                    .failsWithin(LONG)
                    .withThrowableOfType(ExecutionException.class)
                    .satisfies(failure -> assertThat(Outcome.of(failure)).isEqualTo(Outcome.NOT_SENT));
        }
        assertThat(group.flushAsync()).succeedsWithin(LONG);
        assertThat(group.state()).isEqualTo(HandleState.STOPPED);
    }

    @Test
    void aCallbackThatSendsAgainWhatWasRefusedComesToAnEnd() throws Exception {
        // Given a closed runtime
        ProducerGroup<String> group;
        try (Vela vela = new PatientVela(Vela.connect(Broker.url()))) {
            group = vela.newProducerGroup(Schema.STRING)
                    .topic(Broker.freshTopic("again"))
                    .start();
        }

        // When a callback sends again whatever fails
        List<Thread> told = new CopyOnWriteArrayList<>();
        group.sendAsync("late", new SendCallback() {
            @Override
            public void onAnswer(MessageId receipt, Throwable failure) {
                told.add(Thread.currentThread());
                group.sendAsync("again", this);
            }
        });

        // Then it is refused for good before the call returns, and no thread of the runtime lives on for it
        assertThat(told).hasSizeBetween(1, 100).containsOnly(Thread.currentThread());
    }

    @Test
    void answersAllOfALoadThatIsClosedUnderIt() throws Exception {
        // Given a group under load
        String topic = Broker.freshTopic("closed");
        Vela vela = new PatientVela(Vela.connect(Broker.url()));
        ProducerGroup<String> group =
                vela.newProducerGroup(Schema.STRING).topic(topic).producers(2).start();
        Load load = Load.on(group, 4, LONG);
        load.awaitMoreAcknowledged(500, LONG);

        // When it is closed
        CompletableFuture<Void> closed = group.stopAsync(LONG); // all that is on its way is answered meanwhile
        assertThat(closed).succeedsWithin(LONG);
        load.close();

        // Then all that failed was never sent
        assertThat(load.awaitAnswers(LONG))
                .isNotEmpty()
                .allSatisfy(failure -> assertThat(Outcome.of(failure)).isEqualTo(Outcome.NOT_SENT));
        assertThat(vela.snapshot().pendingMessages()).isZero();
        assertThat(vela.snapshot().pendingBytes()).isZero();
        vela.close();
        load.assertStored(topic);
    }

    @Test
    void letsWhoWaitsForTheStopBlock() throws Exception {
        // Given two groups
        try (Vela vela = new PatientVela(Vela.connect(Broker.url()))) {
            ProducerGroup<String> one = vela.newProducerGroup(Schema.STRING)
                    .topic(Broker.freshTopic("a"))
                    .start();
            ProducerGroup<String> other = vela.newProducerGroup(Schema.STRING)
                    .topic(Broker.freshTopic("b"))
                    .start();
            other.awaitReady(LONG);
            CompletableFuture<Void> release = new CompletableFuture<>();
            AtomicReference<String> where = new AtomicReference<>("");

            // When what depends on the stop of one blocks
            CompletableFuture<Void> after = one.stopAsync(Duration.ZERO).thenRun(() -> {
                where.set(Thread.currentThread().getName());
                release.join();
            });

            // Then the other lives on, its timeouts included
            try {
                assertThat(other.newMessage().value("v").sendAsync()).succeedsWithin(LONG);
                assertThat(vela.stopAsync(other.name(), Duration.ofSeconds(1))).succeedsWithin(LONG);
            } finally {
                release.complete(null);
            }
            assertThat(after).succeedsWithin(LONG);
            assertThat(where.get()).doesNotContain("control");
        }
    }

    @Test
    void givesNoHandleToAStartThatWasOvertakenByTheEnd() throws Exception {
        // Given a start that waits for a frozen broker
        String topic = Broker.freshTopic("overtaken");
        Vela vela = new PatientVela(Vela.on(Broker.client()));
        CompletableFuture<SupervisedProducer<String>> started;
        Broker.pulsar().freeze();
        try {
            started = vela.newProducer(Schema.STRING).topic(topic).startAsync();

            // When the runtime is closed meanwhile
            assertThat(vela.closeAsync(Duration.ZERO)).succeedsWithin(LONG);
        } finally {
            Broker.pulsar().thaw();
        }

        // Then the start fails
        assertThat(started)
                .failsWithin(LONG)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(PulsarClientException.AlreadyClosedException.class);
    }
}
