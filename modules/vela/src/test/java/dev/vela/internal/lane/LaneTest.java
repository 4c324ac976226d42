package dev.vela.internal.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.Outcome;
import dev.vela.ProducerDiedException;
import dev.vela.SendTimeoutException;
import dev.vela.SupervisedProducer;
import dev.vela.internal.pulsar.Messages;
import dev.vela.internal.pulsar.ScriptedPublisher;
import dev.vela.internal.scheduling.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.impl.MessageIdImpl;
import org.junit.jupiter.api.Test;

class LaneTest {

    private final LaneRig rig = new LaneRig();

    // ---- sequence ids

    @Test
    void sequenceIdsGrowInTheOrderOfHandOver() {
        // Given
        ScriptedPublisher publisher = rig.attach();

        // When
        List<Send> sends = List.of(rig.offered(), rig.offered(), rig.offered());

        // Then
        assertThat(publisher.sequenceIds()).containsExactly(0L, 1L, 2L);
        assertThat(publisher.entries())
                .extracting(ScriptedPublisher.Entry::outgoing)
                .containsExactlyElementsOf(sends.stream().map(Send::message).toList());
    }

    @Test
    void sequenceIdsGrowOnFromOneThatTheApplicationChose() {
        // Given
        ScriptedPublisher publisher = rig.attach();

        // When
        rig.offered();
        rig.taken(rig.admitted(Messages.withSequenceId(100), LaneRig.TIMEOUT, false));
        rig.offered();

        // Then
        assertThat(publisher.sequenceIds()).containsExactly(0L, 100L, 101L);
    }

    @Test
    void aChosenSequenceIdThatGoesBackIsTheApplicationsAndMovesNoOther() {
        // Given
        ScriptedPublisher publisher = rig.attach(new ScriptedPublisher(10));

        // When
        rig.offered();
        rig.taken(rig.admitted(Messages.withSequenceId(3), LaneRig.TIMEOUT, false));
        rig.offered();

        // Then
        assertThat(publisher.sequenceIds()).containsExactly(11L, 3L, 12L);
    }

    @Test
    void sequenceIdsGoOnAfterWhatTheBrokerKnows() {
        // Given
        ScriptedPublisher publisher = rig.attach(new ScriptedPublisher(41));

        // When
        rig.offered();

        // Then
        assertThat(publisher.sequenceIds()).containsExactly(42L);
    }

    @Test
    void sequenceIdsGoOnUnderASuccessorWhoeverKnowsTheHigherOne() {
        // Given
        rig.attach(new ScriptedPublisher(41));
        rig.offered();
        rig.lane.detach("died", null);

        // When
        ScriptedPublisher knowsLess = rig.attach(new ScriptedPublisher(10));
        rig.offered();
        rig.lane.detach("died", null);
        ScriptedPublisher knowsMore = rig.attach(new ScriptedPublisher(99));
        rig.offered();

        // Then
        assertThat(knowsLess.sequenceIds()).containsExactly(43L);
        assertThat(knowsMore.sequenceIds()).containsExactly(100L);
    }

    // ---- offers that are not taken

    @Test
    void withoutAProducerTheMessageStaysAsItWas() {
        // Given
        Send send = rig.admitted();

        // When
        OfferResult verdict = rig.lane.offer(send);

        // Then
        assertThat(verdict).isEqualTo(OfferResult.DOWN);
        assertUntouched(send);
        ScriptedPublisher publisher = rig.attach();
        assertThat(rig.lane.offer(send)).isEqualTo(OfferResult.TAKEN);
        assertThat(publisher.sequenceIds()).containsExactly(0L);
    }

    @Test
    void fullMemoryLeavesTheMessageAndTheSequenceId() {
        // Given
        ScriptedPublisher publisher =
                rig.attach().refusing(new PulsarClientException.MemoryBufferIsFullError("memory is full", 0));
        Send send = rig.admitted();

        // When
        OfferResult verdict = rig.lane.offer(send);

        // Then
        assertThat(verdict).isEqualTo(OfferResult.FULL);
        assertUntouched(send);
        assertThat(rig.lane.isLive()).isTrue();
        publisher.refusing(null);
        assertThat(rig.lane.offer(send)).isEqualTo(OfferResult.TAKEN);
        assertThat(publisher.sequenceIds()).containsExactly(0L);
        publisher.acknowledgeAll();
        assertThat(send).isCompleted();
    }

    private void assertUntouched(Send send) {
        assertThat(send).isNotDone();
        assertThat(send.isReleased()).isFalse();
        assertThat(rig.lane.inFlight()).isZero();
        assertThat(rig.counters.failedMessages()).isZero();
        rig.scheduler.advance(LaneRig.TIMEOUT.multipliedBy(2));
        assertThat(send).isNotDone();
    }

    // ---- receipts

    @Test
    void aReceiptAnswersTheMessageWithItsPartition() {
        // Given
        LaneRig partitioned = new LaneRig(3);
        ScriptedPublisher publisher = partitioned.attach();
        Send send = partitioned.offered();

        // When
        publisher.acknowledge(0);

        // Then
        assertThat(send).isCompletedWithValue(new MessageIdImpl(7, 0, 3));
        assertThat(partitioned.holdsNothing()).isTrue();
        assertThat(partitioned.lane.inFlight()).isZero();
        assertThat(partitioned.counters.acknowledgedMessages()).isEqualTo(1);
        assertThat(partitioned.counters.acknowledgedBytes())
                .isEqualTo(Messages.ofSize(10).sizeInBytes());
        assertThat(partitioned.lane.lastAcknowledged()).isZero();
    }

    @Test
    void aReceiptWithoutPartitionStaysSo() {
        // Given
        ScriptedPublisher publisher = rig.attach();
        Send send = rig.offered();

        // When
        publisher.acknowledge(0);

        // Then
        assertThat(send).isCompletedWithValue(new MessageIdImpl(7, 0, -1));
    }

    @Test
    void aReceiptForADuplicateIsASuccessThatCanBeToldApart() {
        // Given
        LaneRig partitioned = new LaneRig(3);
        ScriptedPublisher publisher = partitioned.attach();
        Send send = partitioned.offered();

        // When
        publisher.entries().get(0).answer().complete(Messages.duplicateReceipt());

        // Then
        assertThat(SupervisedProducer.isDuplicate(send.join())).isTrue();
    }

    @Test
    void aReceiptThatIsThereAlreadyAnswersTheMessage() {
        // Given
        rig.attach(new ScriptedPublisher().acknowledgingAtOnce());

        // When
        Send send = rig.offered();

        // Then
        assertThat(send).isCompleted();
        assertThat(rig.holdsNothing()).isTrue();
        assertThat(rig.lane.inFlight()).isZero();
    }

    @Test
    void receiptsOutOfOrderAnswerEachItsOwnMessage() {
        // Given
        ScriptedPublisher publisher = rig.attach();
        List<Send> sends = List.of(rig.offered(), rig.offered(), rig.offered());

        // When
        publisher.acknowledge(2);
        publisher.acknowledge(0);

        // Then
        assertThat(sends.get(2)).isCompletedWithValue(Messages.receipt(2));
        assertThat(sends.get(1)).isNotDone();
        assertThat(sends.get(0)).isCompletedWithValue(Messages.receipt(0));
        assertThat(rig.lane.lastAcknowledged()).isEqualTo(2);
        assertThat(rig.lane.inFlight()).isEqualTo(1);
    }

    // ---- timeouts

    @Test
    void aTimeoutOnTheWireClaimsNothingAndKeepsTheBudget() {
        // Given
        ScriptedPublisher publisher = rig.attach();
        Send send = rig.offered(Duration.ofSeconds(5));
        List<Object> answers = new ArrayList<>();
        send.whenComplete((receipt, failure) -> answers.add(failure == null ? receipt : failure));

        // When
        rig.scheduler.advance(Duration.ofMillis(4999));
        assertThat(answers).isEmpty();
        rig.scheduler.advance(Duration.ofMillis(1));

        // Then
        assertThat(LaneRig.failure(send))
                .isInstanceOfSatisfying(
                        SendTimeoutException.class,
                        timeout -> assertThat(timeout.outcome()).isEqualTo(Outcome.UNKNOWN))
                .hasMessageContaining("group-0");
        assertThat(rig.own.messages()).isEqualTo(1);
        assertThat(rig.runtime.messages()).isEqualTo(1);
        assertThat(rig.lane.inFlight()).isEqualTo(1);
        publisher.acknowledge(0);
        assertThat(rig.holdsNothing()).isTrue();
        assertThat(rig.lane.inFlight()).isZero();
        assertThat(answers).hasSize(1);
    }

    @Test
    void eachMessageTimesOutAtItsOwnDeadline() {
        // Given
        rig.attach();
        Send thirty = rig.offered(Duration.ofSeconds(30));
        Send five = rig.offered(Duration.ofSeconds(5));
        Send ten = rig.offered(Duration.ofSeconds(10));

        // When, Then
        rig.scheduler.advance(Duration.ofSeconds(5));
        assertThat(List.of(five.isDone(), ten.isDone(), thirty.isDone())).containsExactly(true, false, false);
        rig.scheduler.advance(Duration.ofSeconds(5));
        assertThat(List.of(ten.isDone(), thirty.isDone())).containsExactly(true, false);
        rig.scheduler.advance(Duration.ofSeconds(20));
        assertThat(thirty.isDone()).isTrue();
    }

    @Test
    void timersDoNotPileUpWhereTimeoutsDiffer() {
        // Given
        ScriptedPublisher publisher = rig.attach();

        // When
        for (int i = 0; i < 200; i++) {
            rig.offered(Duration.ofSeconds(30));
            rig.scheduler.advance(Duration.ofSeconds(1));
            rig.offered(Duration.ofSeconds(5));
            publisher.acknowledge(2 * i + 1);
            rig.scheduler.advance(Duration.ofSeconds(9));
        }

        // Then
        assertThat(rig.scheduler.pending()).isLessThanOrEqualTo(10);
    }

    // ---- the end of a producer

    @Test
    void detachAnswersAllThatIsInFlight() {
        // Given
        rig.attach();
        Send timedOut = rig.offered(Duration.ofSeconds(1));
        List<Send> sends = List.of(rig.offered(), rig.offered());
        rig.scheduler.advance(Duration.ofSeconds(1));
        Throwable cause = new IllegalStateException("boom");

        // When
        rig.lane.detach("died: boom", cause);

        // Then
        assertThat(sends)
                .allSatisfy(send -> assertThat(LaneRig.failure(send))
                        .isInstanceOfSatisfying(
                                ProducerDiedException.class,
                                died -> assertThat(died.outcome()).isEqualTo(Outcome.UNKNOWN))
                        .hasMessageContaining("group-0 died: boom")
                        .hasCause(cause));
        assertThat(LaneRig.failure(timedOut)).isInstanceOf(SendTimeoutException.class);
        assertThat(rig.holdsNothing()).isTrue();
        assertThat(rig.lane.inFlight()).isZero();
        assertThat(rig.lane.isLive()).isFalse();
        assertThat(rig.openSends.open()).isZero();
    }

    @Test
    void receiptsAfterDetachAreIgnored() {
        // Given
        ScriptedPublisher publisher = rig.attach();
        Send acknowledgedLate = rig.offered();
        Send failedLate = rig.offered();
        rig.lane.detach("died", null);
        ScriptedPublisher successor = rig.attach();
        Send next = rig.offered();

        // When
        publisher.acknowledge(0);
        publisher.fail(1, new PulsarClientException.AlreadyClosedException("closed"));
        rig.scheduler.runPending();

        // Then
        assertThat(LaneRig.failure(acknowledgedLate)).isInstanceOf(ProducerDiedException.class);
        assertThat(LaneRig.failure(failedLate)).isInstanceOf(ProducerDiedException.class);
        assertThat(rig.lane.lastAcknowledged()).isEqualTo(-1);
        assertThat(rig.counters.acknowledgedMessages()).isZero();
        assertThat(rig.deaths).isEmpty();
        assertThat(rig.lane.inFlight()).isEqualTo(1);
        assertThat(rig.own.messages()).isEqualTo(1);
        successor.acknowledgeAll();
        assertThat(next).isCompletedWithValue(Messages.receipt(2));
        assertThat(rig.holdsNothing()).isTrue();
    }

    @Test
    void whatIsOfferedAfterADeathWaitsForTheSuccessor() {
        // Given
        PulsarClientException closed = new PulsarClientException.AlreadyClosedException("closed");
        ScriptedPublisher publisher = rig.attach();
        rig.offered();
        publisher.ended(closed);
        Send second = rig.admitted();

        // When
        OfferResult verdict = rig.lane.offer(second);

        // Then
        assertThat(verdict).isEqualTo(OfferResult.DOWN);
        assertThat(rig.lane.offer(second)).isEqualTo(OfferResult.DOWN);
        assertThat(publisher.attempts()).isEqualTo(2);
        rig.lane.detach("died", closed);
        ScriptedPublisher successor = rig.attach();
        assertThat(rig.lane.offer(second)).isEqualTo(OfferResult.TAKEN);
        assertThat(successor.sequenceIds()).containsExactly(1L);
    }

    // ---- counting

    @Test
    void countsAMessageThatTimedOutOnceWhateverBecomesOfItLater() {
        // Given
        ScriptedPublisher publisher = rig.attach();
        rig.offered(Duration.ofSeconds(1));
        rig.offered(Duration.ofSeconds(1));
        rig.offered(Duration.ofSeconds(1));
        rig.scheduler.advance(Duration.ofSeconds(1));

        // When
        publisher.fail(0, new PulsarClientException("late"));
        publisher.acknowledge(1);
        rig.lane.detach("died", null);

        // Then
        assertThat(rig.counters.failedMessages()).isEqualTo(3);
        assertThat(rig.counters.acknowledgedMessages()).isZero();
    }

    // ---- looking

    @Test
    void isHealthyWhileReceiptsCome() {
        // Given
        ScriptedPublisher publisher = rig.attach();
        rig.scheduler.advance(Duration.ofMinutes(1));
        assertThat(rig.lane.isHealthy()).isTrue();
        rig.offered();
        rig.offered();

        // When, Then
        rig.scheduler.advance(Duration.ofMillis(499));
        assertThat(rig.lane.isHealthy()).isTrue();
        rig.scheduler.advance(Duration.ofMillis(1));
        assertThat(rig.lane.isHealthy()).isFalse();
        publisher.acknowledge(0);
        assertThat(rig.lane.isHealthy()).isTrue();
        rig.scheduler.advance(Duration.ofMillis(500));
        assertThat(rig.lane.isHealthy()).isFalse();
        publisher.acknowledge(1);
        rig.scheduler.advance(Duration.ofMinutes(1));
        assertThat(rig.lane.isHealthy()).isTrue();
    }

    @Test
    void isNotHealthyWhileDisconnectedOrWithoutProducer() {
        // Given
        assertThat(rig.lane.isHealthy()).isFalse();
        ScriptedPublisher publisher = rig.attach();
        assertThat(rig.lane.isHealthy()).isTrue();
        assertThat(rig.lane.isConnected()).isTrue();

        // When, Then
        publisher.connected(false);
        assertThat(rig.lane.isHealthy()).isFalse();
        assertThat(rig.lane.isConnected()).isFalse();
        assertThat(rig.lane.isLive()).isTrue();
        publisher.connected(true);
        rig.lane.detach("was stopped", null);
        assertThat(rig.lane.isHealthy()).isFalse();
        assertThat(rig.lane.isConnected()).isFalse();
    }

    @Test
    void isHealthyWhileAMessageIsHandedOverAfterAPause() {
        // Given
        List<Boolean> seen = new ArrayList<>();
        Lane[] watched = new Lane[1];
        Scheduler watching = new Scheduler() {
            private boolean looking;

            @Override
            public long nanoTime() {
                if (watched[0] != null && !looking) {
                    looking = true;
                    seen.add(watched[0].isHealthy());
                    looking = false;
                }
                return rig.scheduler.nanoTime();
            }

            @Override
            public boolean isCurrent() {
                return rig.scheduler.isCurrent();
            }

            @Override
            public void execute(Runnable task) {
                rig.scheduler.execute(task);
            }

            @Override
            public Cancellable schedule(Duration delay, Runnable task) {
                return rig.scheduler.schedule(delay, task);
            }
        };
        Lane lane = rig.newLane(-1, watching);
        lane.attach(new ScriptedPublisher().acknowledgingAtOnce(), () -> {});
        lane.offer(rig.admitted());
        rig.scheduler.advance(Duration.ofMinutes(1));
        watched[0] = lane;

        // When
        lane.offer(rig.admitted());

        // Then
        assertThat(seen).isNotEmpty().doesNotContain(false);
    }

    @Test
    void saysHowOldTheOldestInFlightIs() {
        // Given
        ScriptedPublisher publisher = rig.attach();
        assertThat(rig.lane.oldestInFlight()).isZero();
        rig.offered();
        rig.scheduler.advance(Duration.ofSeconds(2));
        rig.offered();
        rig.scheduler.advance(Duration.ofSeconds(1));

        // When, Then
        assertThat(rig.lane.oldestInFlight()).isEqualTo(Duration.ofSeconds(3));
        publisher.acknowledge(0);
        assertThat(rig.lane.oldestInFlight()).isEqualTo(Duration.ofSeconds(1));
        publisher.acknowledge(1);
        assertThat(rig.lane.oldestInFlight()).isZero();
    }

    @Test
    void remembersWhenAProducerLostItsConnection() {
        // Given
        rig.attach().lastDisconnected(1000);
        assertThat(rig.lane.lastDisconnected()).isEqualTo(1000);

        // When
        rig.lane.detach("died", null);

        // Then
        assertThat(rig.lane.lastDisconnected()).isEqualTo(1000);
        ScriptedPublisher successor = rig.attach();
        assertThat(rig.lane.lastDisconnected()).isEqualTo(1000);
        successor.lastDisconnected(2000);
        assertThat(rig.lane.lastDisconnected()).isEqualTo(2000);
    }
}
