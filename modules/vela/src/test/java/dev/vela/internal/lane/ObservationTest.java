package dev.vela.internal.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.SendObserver;
import dev.vela.SupervisedProducer;
import dev.vela.internal.pulsar.Messages;
import dev.vela.internal.pulsar.ScriptedPublisher;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClientException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What observers are told of a message on its way. */
class ObservationTest {
    private final List<String> told = new ArrayList<>();
    private final LaneRig rig = LaneRig.replaying(null);

    /** An observer that notes what it is told. */
    private final class Notes implements SendObserver<String> {
        private final @Nullable String context;

        private Notes(@Nullable String context) {
            this.context = context;
        }

        @Override
        public @Nullable String started(SupervisedProducer<?> producer, Properties properties) {
            told.add(context + " started");
            return context;
        }

        @Override
        public void waiting(String its) {
            told.add(its + " waiting");
        }

        @Override
        public void handed(String its, Attempt attempt) {
            told.add(
                    its + " handed to " + attempt.producer() + " as " + attempt.sequenceId() + ", " + attempt.number());
        }

        @Override
        public void died(String its, String producer, @Nullable Throwable cause) {
            told.add(its + " died in " + producer + ": " + cause);
        }

        @Override
        public void answered(String its, @Nullable MessageId receipt, @Nullable Throwable failure) {
            told.add(its + " answered "
                    + (failure == null ? "stored" : failure.getClass().getSimpleName()));
        }
    }

    private @Nullable Observation start(SendObserver<?>... observers) {
        SupervisedProducer<?> producer = (SupervisedProducer<?>) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {SupervisedProducer.class}, (proxy, method, arguments) -> {
                    throw new AssertionError(method);
                });
        return Observation.start(List.of(observers), producer, new SendObserver.Properties() {
            @Override
            public @Nullable String get(String name) {
                return null;
            }

            @Override
            public void set(String name, String value) {}
        });
    }

    private Send observed(Duration timeout, SendObserver<?>... observers) {
        Observation observation = Objects.requireNonNull(start(observers));
        Send send = new CallbackSend(
                Messages.ofSize(10),
                0,
                timeout,
                rig.openSends,
                observation.before((receipt, failure) -> told.add("callback")));
        send.count();
        send.acceptAt(rig.scheduler.nanoTime());
        if (!send.tryAdmit(rig.admission, false)) {
            throw new AssertionError("no room");
        }
        return send;
    }

    @Test
    void aMessageIsFollowedThroughAWaitADeathAndItsReplay() {
        Send send = observed(LaneRig.TIMEOUT, new Notes("a"));
        rig.drains = true;
        rig.queue.add(send, OfferResult.FULL);
        rig.scheduler.runPending();
        ScriptedPublisher first = rig.attach();
        rig.scheduler.advance(Duration.ofMillis(10));
        assertThat(first.entries()).hasSize(1);
        PulsarClientException why = new PulsarClientException.AlreadyClosedException("closed");
        first.closeAsync();
        rig.lane.suspend("died", why);
        ScriptedPublisher second = rig.attach();
        second.acknowledgeAll();

        assertThat(told)
                .containsExactly(
                        "a started",
                        "a waiting",
                        "a handed to group-0 as 0, 1",
                        "a died in group-0: " + why,
                        "a handed to group-0 as 0, 2",
                        "a answered stored",
                        "callback");
    }

    @Test
    void nothingIsToldAfterTheAnswer() {
        ScriptedPublisher publisher = rig.attach();
        Send send = rig.taken(observed(Duration.ofSeconds(1), new Notes("a")));
        rig.scheduler.advance(Duration.ofSeconds(1));
        publisher.acknowledgeAll();

        assertThat(send).isCompletedExceptionally();
        assertThat(told)
                .containsExactly(
                        "a started", "a handed to group-0 as 0, 1", "a answered SendTimeoutException", "callback");
    }

    @Test
    void everyObserverIsToldAndOneThatThrowsDisturbsNobody() {
        SendObserver<String> throwing = new SendObserver<>() {
            @Override
            public String started(SupervisedProducer<?> producer, Properties properties) {
                return "throwing";
            }

            @Override
            public void handed(String context, Attempt attempt) {
                throw new IllegalStateException("handed");
            }

            @Override
            public void answered(String context, @Nullable MessageId receipt, @Nullable Throwable failure) {
                throw new IllegalStateException("answered");
            }
        };
        ScriptedPublisher publisher = rig.attach();
        Send send = rig.taken(observed(LaneRig.TIMEOUT, throwing, new Notes("a"), new Notes("b")));
        publisher.acknowledgeAll();

        assertThat(send).isCompleted();
        assertThat(told)
                .containsExactly(
                        "a started",
                        "b started",
                        "a handed to group-0 as 0, 1",
                        "b handed to group-0 as 0, 1",
                        "a answered stored",
                        "b answered stored",
                        "callback");
    }

    @Test
    void aMessageThatNobodyFollowsIsNotObserved() {
        assertThat(start(new Notes(null))).isNull();
        assertThat(start()).isNull();
    }
}
