package dev.vela.internal.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.vela.MessageRejectedException;
import dev.vela.Outcome;
import dev.vela.ProducerDiedException;
import dev.vela.SendFailedException;
import dev.vela.SendFailure;
import dev.vela.internal.pulsar.EncodedEntry;
import dev.vela.internal.pulsar.HealthyPublisher;
import dev.vela.internal.pulsar.ScriptedPublisher;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClientException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What each failure of the official client means for the message and for the producer. */
class LaneFailureTest {

    private final LaneRig rig = new LaneRig();

    static Stream<Throwable> ends() {
        return Stream.of(
                new PulsarClientException.AlreadyClosedException("closed"),
                new PulsarClientException.NotConnectedException(),
                new PulsarClientException.TopicDoesNotExistException("gone"),
                new PulsarClientException.ProducerFencedException("fenced"),
                new PulsarClientException.TopicTerminatedException("terminated"));
    }

    static Stream<Throwable> faultsOfTheMessage() {
        return Stream.of(
                new PulsarClientException.NotAllowedException("not allowed"),
                new PulsarClientException.IncompatibleSchemaException("incompatible"),
                new PulsarClientException.CryptoException("no key"),
                new PulsarClientException.ChecksumException("corrupt"));
    }

    static Stream<Throwable> passing() {
        return Stream.of(
                new PulsarClientException.TimeoutException("slow"),
                new PulsarClientException("whatever"),
                new IllegalStateException("whatever"));
    }

    static Stream<Arguments> answers() {
        return Stream.of(
                        ends().map(failure -> arguments(failure, ProducerDiedException.class, Outcome.UNKNOWN, 1)),
                        faultsOfTheMessage()
                                .map(failure ->
                                        arguments(failure, MessageRejectedException.class, Outcome.NOT_SENT, 0)),
                        passing().map(failure -> arguments(failure, SendFailedException.class, Outcome.UNKNOWN, 0)),
                        Stream.of(arguments(
                                new PulsarClientException.MemoryBufferIsFullError("full", 0),
                                SendFailedException.class,
                                Outcome.UNKNOWN,
                                0)))
                .flatMap(each -> each);
    }

    @Test
    void anIdThatTheClientMayHaveIsNotGivenToAnotherEntry() {
        // Given a client that takes an entry, and a heap that is full right after
        List<Long> ids = new ArrayList<>();
        AtomicBoolean full = new AtomicBoolean(true);
        rig.attach(new HealthyPublisher() {
            @Override
            public CompletableFuture<MessageId> publish(EncodedEntry entry, long sequenceId) {
                ids.add(sequenceId);
                return new CompletableFuture<>() {
                    @Override
                    public boolean isCompletedExceptionally() {
                        if (full.getAndSet(false)) {
                            throw new OutOfMemoryError("in the test");
                        }
                        return super.isCompletedExceptionally();
                    }
                };
            }
        });

        // When
        Send first = rig.offered();
        rig.offered();

        // Then
        assertThat(Outcome.of(LaneRig.failure(first))).isEqualTo(Outcome.UNKNOWN);
        assertThat(ids).containsExactly(0L, 1L);
        assertThat(rig.lane.inFlight()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("answers")
    void aFailureInPlaceOfAReceiptIsAnswered(
            Throwable failure, Class<? extends Throwable> type, Outcome outcome, int deaths) {
        // Given
        ScriptedPublisher publisher = rig.attach();
        Send send = rig.offered();
        Send other = rig.offered();

        // When
        publisher.fail(0, new CompletionException(failure));

        // Then
        assertFailed(send, failure, type, outcome);
        assertThat(other).isNotDone();
        assertThat(rig.lane.inFlight()).isEqualTo(1);
        assertThat(rig.own.messages()).isEqualTo(1);
        assertThat(rig.deaths).isEmpty();
        rig.scheduler.runPending();
        assertThat(rig.deaths).hasSize(deaths).allSatisfy(death -> {
            assertThat(death.publisher()).isSameAs(publisher);
            assertThat(death.cause()).isSameAs(failure);
        });
    }

    private void assertFailed(Send send, Throwable cause, Class<? extends Throwable> type, Outcome outcome) {
        assertThat(LaneRig.failure(send))
                .isExactlyInstanceOf(type)
                .isInstanceOf(PulsarClientException.class)
                .isInstanceOfSatisfying(
                        SendFailure.class,
                        sendFailure -> assertThat(sendFailure.outcome()).isEqualTo(outcome))
                .hasCause(cause)
                .hasMessageContaining("group-0");
        assertThat(send.isReleased()).isTrue();
        assertThat(rig.counters.failedMessages()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("ends")
    void whatAProducerWasGivenThatWasConnectedMayHaveLeftBeforeItsEnd(Throwable end) {
        // Given
        rig.attach().refusing(end);

        // When
        Send send = rig.offered();

        // Then
        rig.scheduler.runPending();
        assertThat(LaneRig.failure(send))
                .isInstanceOf(ProducerDiedException.class)
                .isInstanceOfSatisfying(
                        SendFailure.class,
                        failure -> assertThat(failure.outcome()).isEqualTo(Outcome.UNKNOWN));
        assertThat(rig.deaths).isNotEmpty();
        assertThat(rig.holdsNothing()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("ends")
    void theEndOfAProducerFoundAtHandOverLeavesTheMessage(Throwable end) {
        // Given
        ScriptedPublisher publisher = rig.attach().ended(end);
        Send send = rig.admitted();

        // When
        OfferResult verdict = rig.lane.offer(send);

        // Then
        assertThat(verdict).isEqualTo(OfferResult.DOWN);
        assertThat(send).isNotDone();
        assertThat(send.isReleased()).isFalse();
        assertThat(rig.lane.isLive()).isFalse();
        assertThat(rig.deaths).isEmpty();
        rig.scheduler.runPending();
        assertThat(rig.deaths).containsExactly(new LaneRig.Death(publisher, end));
        ScriptedPublisher successor = rig.attach();
        rig.taken(send);
        assertThat(successor.sequenceIds()).containsExactly(0L);
    }

    @ParameterizedTest
    @MethodSource("faultsOfTheMessage")
    void aMessageAtFaultThatIsRefusedAtHandOverIsRejected(Throwable failure) {
        // Given
        rig.attach().failingNext(failure);

        // When
        Send send = rig.offered();

        // Then
        assertFailed(send, failure, MessageRejectedException.class, Outcome.NOT_SENT);
        assertThat(rig.holdsNothing()).isTrue();
        assertThat(rig.lane.inFlight()).isZero();
        assertThat(rig.lane.isLive()).isTrue();
    }

    @Test
    void whatWasInTheQueueCountsAsTakenThoughItsProducerWasNotConnectedBefore() {
        // Given one that connects, sends and dies within the call
        PulsarClientException end = new PulsarClientException.AlreadyClosedException("closed");
        ScriptedPublisher publisher = rig.attach().connected(false).queueingAndFailingNext(end);

        // When
        Send send = rig.offered();

        // Then
        assertFailed(send, end, ProducerDiedException.class, Outcome.UNKNOWN);
        rig.scheduler.runPending();
        assertThat(rig.deaths).containsExactly(new LaneRig.Death(publisher, end));
    }

    @Test
    void whatIsFoundTooLargeInTheQueueMayBeSentAndItsProducerIsBroken() {
        // Given
        PulsarClientException late = new PulsarClientException.InvalidMessageException("too large");
        ScriptedPublisher publisher = rig.attach();
        Send send = rig.offered();

        // When
        publisher.fail(0, late);

        // Then
        assertFailed(send, late, SendFailedException.class, Outcome.UNKNOWN);
        rig.scheduler.runPending();
        assertThat(rig.deaths).containsExactly(new LaneRig.Death(publisher, late));
    }

    @Test
    void whatTheBrokerRefusedOnASecondConnectionMayBeStored() {
        // Given
        PulsarClientException refusal = new PulsarClientException.NotAllowedException("too large by now");
        ScriptedPublisher publisher = rig.attach();
        Send send = rig.offered();
        publisher.lastDisconnected(1);
        Send later = rig.offered();

        // When
        publisher.fail(0, refusal);

        // Then
        assertFailed(send, refusal, SendFailedException.class, Outcome.UNKNOWN);
        publisher.fail(1, refusal);
        assertThat(LaneRig.failure(later)).isInstanceOf(MessageRejectedException.class);
    }

    @Test
    void whatTheClientThrowsIsAnAnswerToo() {
        // Given
        RuntimeException thrown = new IllegalStateException("a bug");
        rig.attach().throwingNext(thrown);

        // When
        Send send = rig.offered();

        // Then
        assertFailed(send, thrown, SendFailedException.class, Outcome.UNKNOWN);
        assertThat(rig.holdsNothing()).isTrue();
        assertThat(rig.lane.inFlight()).isZero();
    }

    @Test
    void oneMessageAtFaultSpoilsNoOther() {
        // Given
        ScriptedPublisher publisher = rig.attach();
        publisher.failingNext(new PulsarClientException.InvalidMessageException("too large"));

        // When
        rig.offered();
        List<Send> others = List.of(rig.offered(), rig.offered());
        publisher.acknowledgeAll();

        // Then
        assertThat(others).allSatisfy(send -> assertThat(send).isCompleted());
        assertThat(publisher.sequenceIds()).isSorted().doesNotHaveDuplicates();
    }
}
