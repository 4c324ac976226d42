package dev.vela.internal.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.Batching;
import dev.vela.Outcome;
import dev.vela.ProducerDiedException;
import dev.vela.SendTimeoutException;
import dev.vela.internal.pulsar.EncodedBatch;
import dev.vela.internal.pulsar.Messages;
import dev.vela.internal.pulsar.ScriptedPublisher;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.impl.BatchMessageIdImpl;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatcherTest {

    private static final Duration INTERVAL = Duration.ofMillis(10);
    private static final Duration SPACING = Duration.ofNanos(500_000);
    private static final Batching WHEN_IDLE =
            Batching.defaults().withMaxMessages(4).withMaxBytes(1024);
    private static final Batching AT_INTERVAL = WHEN_IDLE.withFlush(Batching.Flush.AT_INTERVAL);

    private LaneRig rig;
    private ScriptedPublisher publisher;

    private void batching(Batching batching) {
        rig = new LaneRig(batching);
        publisher = rig.attach();
    }

    /** How many messages the entries had that the producer took; 1 for a message that went alone. */
    private List<Integer> entrySizes() {
        return publisher.entries().stream()
                .map(entry -> entry.outgoing() instanceof EncodedBatch batch ? batch.count() : 1)
                .toList();
    }

    private List<Send> offered(int count) {
        List<Send> sends = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sends.add(rig.offered());
        }
        return sends;
    }

    // ---- where handing over fails

    @Test
    void anErrorWhileAnEntryIsHandedOverConcernsThatEntryAlone() {
        batching(WHEN_IDLE);
        publisher.throwingBeforeNext(new StackOverflowError());

        Send inHand = rig.offered();
        Send next = rig.offered();

        assertIsUnknown(inHand);
        assertThat(entrySizes()).containsExactly(1);
        publisher.acknowledgeAll();
        assertThat(next).isCompleted();
        assertThat(rig.lane.inFlight()).isZero();
        assertThat(rig.holdsNothing()).isTrue();
    }

    @Test
    void anErrorBeforeAnEntryIsHandedOverConcernsThatEntryAlone() {
        batching(AT_INTERVAL);
        publisher.throwingWhenAskedForItsLimit(2, new OutOfMemoryError("in the test")); // once when it was begun

        List<Send> inHand = offered(4);
        assertThat(inHand).noneMatch(Send::isDone);
        rig.scheduler.advance(Duration.ofMillis(20));
        List<Send> next = offered(4);

        assertThat(inHand).allSatisfy(BatcherTest::assertIsUnknown);
        assertThat(entrySizes()).containsExactly(4);
        publisher.acknowledgeAll();
        assertThat(next).allMatch(Send::isDone);
        assertThat(rig.lane.inFlight()).isZero();
        assertThat(rig.holdsNothing()).isTrue();
    }

    private static void assertIsUnknown(Send send) {
        assertThat(LaneRig.failure(send))
                .isInstanceOfSatisfying(
                        ProducerDiedException.class,
                        failure -> assertThat(failure.outcome()).isEqualTo(Outcome.UNKNOWN))
                .hasRootCauseInstanceOf(VirtualMachineError.class);
    }

    // ---- when an entry leaves

    @Test
    void anEntryLeavesWhenItHasAllItsMessages() {
        batching(AT_INTERVAL);

        offered(9);

        assertThat(entrySizes()).containsExactly(4, 4);
    }

    @Test
    void anEntryLeavesBeforeAMessageThatWouldMakeItTooLarge() {
        batching(AT_INTERVAL);

        rig.taken(rig.admitted(Messages.ofSize(500), LaneRig.TIMEOUT, false));
        rig.taken(rig.admitted(Messages.ofSize(400), LaneRig.TIMEOUT, false));
        assertThat(entrySizes()).isEmpty();
        rig.taken(rig.admitted(Messages.ofSize(200), LaneRig.TIMEOUT, false));

        assertThat(entrySizes()).containsExactly(2);
    }

    @Test
    void anEntryLeavesWhenItsOldestMessageHasWaitedForTheInterval() {
        batching(AT_INTERVAL);
        rig.offered();
        rig.scheduler.advance(Duration.ofMillis(6));
        rig.offered();

        rig.scheduler.advance(Duration.ofMillis(3));
        assertThat(entrySizes()).isEmpty();
        rig.scheduler.advance(Duration.ofMillis(1));

        assertThat(entrySizes()).containsExactly(2);
    }

    @Test
    void anEntryLeavesWithAMessageWhoseSenderBlocks() {
        batching(AT_INTERVAL);
        rig.offered();

        rig.taken(rig.admitted(Messages.ofSize(1), LaneRig.TIMEOUT, true));

        assertThat(entrySizes()).containsExactly(2);
    }

    @Test
    void theIntervalBeginsAnewWithEachEntry() {
        batching(AT_INTERVAL);
        offered(4);
        rig.scheduler.advance(Duration.ofMillis(6));
        rig.offered();
        rig.scheduler.advance(Duration.ofMillis(3));

        rig.offered();
        rig.scheduler.advance(Duration.ofMillis(6));
        assertThat(entrySizes()).containsExactly(4);
        rig.scheduler.advance(Duration.ofMillis(1));

        assertThat(entrySizes()).containsExactly(4, 2);
    }

    @Test
    void aMessageLeavesAtOnceWhenNothingIsOnItsWay() {
        batching(WHEN_IDLE);

        rig.offered();

        assertThat(entrySizes()).containsExactly(1);
    }

    @Test
    void whatCameMeanwhileLeavesWithTheReceiptOfTheLastInFlight() {
        batching(WHEN_IDLE);
        offered(3);
        assertThat(entrySizes()).containsExactly(1);

        publisher.acknowledge(0);

        assertThat(entrySizes()).containsExactly(1, 2);
    }

    @Test
    void whatCameMeanwhileLeavesAfterTheFailureOfTheLastInFlightToo() {
        batching(WHEN_IDLE);
        offered(2);

        publisher.fail(0, new PulsarClientException.ChecksumException("broken"));
        rig.scheduler.runPending();

        assertThat(entrySizes()).containsExactly(1, 1);
    }

    @Test
    void aMessageLeavesAtOnceWhenNothingHasLeftForAWhile() {
        batching(WHEN_IDLE);
        rig.offered();

        rig.scheduler.advance(SPACING);
        rig.offered();

        assertThat(entrySizes()).containsExactly(1, 1);
    }

    @Test
    void messagesThatComeSoonAfterAnEntryShareTheNext() {
        batching(WHEN_IDLE);
        rig.offered();
        rig.scheduler.advance(SPACING.dividedBy(2));
        offered(2);

        rig.scheduler.advance(SPACING.dividedBy(2).minusNanos(1));
        assertThat(entrySizes()).containsExactly(1);
        rig.scheduler.advance(Duration.ofNanos(1));

        assertThat(entrySizes()).containsExactly(1, 2);
    }

    @Test
    void withMuchOnItsWayTheNextWaitsForReceipts() {
        batching(WHEN_IDLE);
        offered(1);
        offered(LeavePolicy.FEW_MESSAGES);
        rig.scheduler.advance(SPACING);
        offered(2);
        rig.scheduler.advance(SPACING);
        assertThat(entrySizes()).endsWith(4).hasSize(1 + LeavePolicy.FEW_MESSAGES / 4);

        publisher.acknowledge(0);
        publisher.acknowledge(1);

        assertThat(entrySizes()).endsWith(4, 2);
    }

    @Test
    void withMuchOnItsWayTheNextWaitsForTheIntervalAtMost() {
        batching(WHEN_IDLE);
        offered(1);
        offered(LeavePolicy.FEW_MESSAGES);
        rig.scheduler.advance(SPACING);
        offered(2);

        rig.scheduler.advance(INTERVAL.minusNanos(1));
        assertThat(entrySizes()).endsWith(4);
        rig.scheduler.advance(Duration.ofNanos(1));

        assertThat(entrySizes()).endsWith(4, 2);
    }

    /** As many entries of other lanes are in flight as queue up. */
    private void backUp() {
        rig.pace.stored(1_000_000);
        for (int i = 0; i < 100; i++) {
            rig.pace.stored(4_000_000);
        }
        for (int i = 0; i < 90; i++) {
            rig.pace.handed();
        }
        assertThat(rig.pace.isBackedUp()).isTrue();
    }

    private void drainOthers() {
        for (int i = 0; i < 90; i++) {
            rig.pace.ended();
        }
    }

    @Test
    void whileEntriesQueueUpALaneWaitsForItsTurn() {
        batching(WHEN_IDLE);
        backUp();

        offered(3);
        assertThat(entrySizes()).isEmpty();
        drainOthers();
        rig.pace.giveTurns();

        assertThat(entrySizes()).containsExactly(3);
    }

    @Test
    void whileEntriesQueueUpAFullEntryLeavesAtOnce() {
        batching(WHEN_IDLE);
        backUp();

        offered(4);

        assertThat(entrySizes()).containsExactly(4);
    }

    @Test
    void aLaneWithNothingOnItsWayWaitsForItsTurnForTheIntervalAtMost() {
        batching(WHEN_IDLE);
        backUp();
        rig.offered();

        rig.scheduler.advance(INTERVAL.minusNanos(1));
        assertThat(entrySizes()).isEmpty();
        rig.scheduler.advance(Duration.ofNanos(1));

        assertThat(entrySizes()).containsExactly(1);
    }

    @Test
    void aLaneThatWillHearOfAnEntryWaitsForTwoRoundTripsIfTheyAreLonger() {
        batching(WHEN_IDLE.withFlushInterval(Duration.ofMillis(1)));
        backUp();
        offered(4);
        rig.offered();

        rig.scheduler.advance(Duration.ofMillis(6));
        assertThat(entrySizes()).containsExactly(4);
        rig.scheduler.advance(Duration.ofMillis(2));

        assertThat(entrySizes()).containsExactly(4, 1);
    }

    @Test
    void aMessageThatMustBeAnsweredBeforeTheStretchedIntervalIsOverLeavesAtOnce() {
        batching(WHEN_IDLE.withFlushInterval(Duration.ofMillis(1)));
        backUp();
        offered(4);

        rig.offered(Duration.ofMillis(7));

        assertThat(entrySizes()).containsExactly(4, 1);
    }

    @Test
    void theIntervalIsNotStretchedBeyondTheDeadlineOfAMessage() {
        batching(WHEN_IDLE.withFlushInterval(Duration.ofMillis(1)));
        rig.offered();
        rig.offered(Duration.ofMillis(4));
        backUp();

        rig.scheduler.advance(Duration.ofMillis(3).minusNanos(1));
        assertThat(entrySizes()).containsExactly(1);
        rig.scheduler.advance(Duration.ofNanos(1));

        assertThat(entrySizes()).containsExactly(1, 1);
    }

    @Test
    void everyEntryThatIsClosedCounts() {
        batching(AT_INTERVAL);
        long before = rig.lane.timesClosed();

        rig.taken(rig.admitted(Messages.ofSize(500), LaneRig.TIMEOUT, false));
        rig.taken(rig.admitted(Messages.ofSize(600), LaneRig.TIMEOUT, false));
        rig.taken(rig.admitted(Messages.delayed(), LaneRig.TIMEOUT, false));

        assertThat(entrySizes()).containsExactly(1, 1, 1);
        assertThat(rig.lane.timesClosed() - before).isEqualTo(2);
    }

    @Test
    void whatALongEntryLeftBehindWaitsForCompany() {
        batching(WHEN_IDLE.withMaxMessages(1000));
        rig.offered();
        rig.scheduler.advance(SPACING);
        List<Send> sends = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            sends.add(rig.taken(rig.admitted(Messages.ofSize(600), LaneRig.TIMEOUT, false)));
        }

        assertThat(entrySizes()).containsExactly(1, 1, 1);
        assertThat(sends).noneMatch(Send::isDone);
    }

    /** While receipts take four times the shortest, more than 32 entries in flight are backed up. */
    private boolean isBackedUpBesides(int others) {
        rig.pace.stored(1_000_000);
        for (int i = 0; i < 100; i++) {
            rig.pace.stored(4_000_000);
        }
        for (int i = 0; i < others; i++) {
            rig.pace.handed();
        }
        return rig.pace.isBackedUp();
    }

    @Test
    void entriesOfWhichNothingIsHeardHoldUpNoOtherLane() {
        batching(AT_INTERVAL);
        offered(16);
        assertThat(isBackedUpBesides(29)).isTrue();

        rig.scheduler.advance(Duration.ofMillis(500));
        rig.lane.tick();
        assertThat(rig.pace.isBackedUp()).isFalse();
        publisher.acknowledgeAll();

        assertThat(isBackedUpBesides(2)).isFalse();
        assertThat(isBackedUpBesides(2)).isTrue();
    }

    @Test
    void entriesThatAreKeptForASuccessorHoldUpNoOtherLane() {
        rig = LaneRig.replaying(AT_INTERVAL);
        publisher = rig.attach();
        offered(16);
        assertThat(isBackedUpBesides(29)).isTrue();

        rig.lane.suspend("died", new IllegalStateException("expected by the test"));

        assertThat(rig.pace.isBackedUp()).isFalse();
        rig.attach().acknowledgeAll();
        assertThat(rig.pace.isBackedUp()).isFalse();
        assertThat(isBackedUpBesides(2)).isFalse();
        assertThat(isBackedUpBesides(2)).isTrue();
    }

    @Test
    void aLaneWhoseProducerDiedGivesItsTurnUp() {
        batching(WHEN_IDLE);
        backUp();
        rig.offered();

        rig.lane.detach("died", null);
        drainOthers();

        assertThat(rig.pace.isFree()).isTrue();
    }

    @Test
    void aReceiptThatComesBeforeTheHandOverHasEndedLeavesNothingBehind() {
        batching(WHEN_IDLE);
        publisher.acknowledgingAtOnce();

        List<Send> sends = offered(20);

        assertThat(sends).allSatisfy(send -> assertThat(send).isCompleted());
        assertThat(rig.holdsNothing()).isTrue();
    }

    @Test
    void aMessageThatMustBeAnsweredBeforeTheIntervalLeavesAtOnce() {
        batching(AT_INTERVAL);
        rig.offered();

        rig.offered(INTERVAL);

        assertThat(entrySizes()).containsExactly(2);
    }

    @Test
    void aFlushHasWhatIsOpenLeave() {
        batching(AT_INTERVAL);
        offered(3);

        rig.lane.flush();

        assertThat(entrySizes()).containsExactly(3);
    }

    @Test
    void anEmptyFlushPublishesNothing() {
        batching(AT_INTERVAL);

        rig.lane.flush();
        rig.scheduler.advance(Duration.ofSeconds(1));

        assertThat(publisher.attempts()).isZero();
    }

    // ---- what goes together

    @Test
    void aMessageTooLargeForAnEntryGoesAloneInItsPlace() {
        batching(AT_INTERVAL);
        offered(2);

        rig.taken(rig.admitted(Messages.ofSize(2000), LaneRig.TIMEOUT, false));
        offered(4);

        assertThat(entrySizes()).containsExactly(2, 1, 4);
        assertThat(publisher.sequenceIds()).containsExactly(0L, 1L, 2L);
    }

    @Test
    void anEntryIsNoLargerThanItsProducerCanSendInOnePiece() {
        batching(AT_INTERVAL);
        publisher.maxBatchBytes(35);

        offered(5);
        rig.lane.flush();

        assertThat(entrySizes()).containsExactly(2, 2, 1);
    }

    @Test
    void whereNoTwoFitEachGoesAlone() {
        batching(AT_INTERVAL);
        publisher.maxBatchBytes(-1);

        offered(3);

        assertThat(entrySizes()).containsExactly(1, 1, 1);
    }

    @Test
    void anEntryThatIsTooLargeByTheTimeItLeavesGoesMessageByMessage() {
        batching(AT_INTERVAL);
        List<Send> sends = offered(3);

        publisher.maxBatchBytes(30);
        rig.lane.flush();

        assertThat(entrySizes()).containsExactly(1, 1, 1);
        assertThat(publisher.sequenceIds()).containsExactly(0L, 1L, 2L);
        publisher.acknowledgeAll();
        assertThat(sends).allSatisfy(send -> assertThat(send).isCompleted());
        assertThat(rig.holdsNothing()).isTrue();
    }

    @Test
    void aMessageThatConcernsTheWholeEntryGoesAloneInItsPlace() {
        batching(AT_INTERVAL);
        offered(2);

        rig.taken(rig.admitted(Messages.delayed(), LaneRig.TIMEOUT, false));
        rig.offered();
        rig.lane.flush();

        assertThat(entrySizes()).containsExactly(2, 1, 1);
    }

    @Test
    void groupedByKeyAnEntryHoldsOneKey() {
        batching(AT_INTERVAL.withKeyBased());

        for (String key : List.of("a", "b", "a", "c")) {
            rig.taken(rig.admitted(Messages.withKey(key), LaneRig.TIMEOUT, false));
        }

        assertThat(entrySizes()).containsExactly(2, 1, 1);
    }

    @Test
    void groupedByKeyAnOrderingKeyCountsBeforeTheKey() {
        batching(AT_INTERVAL.withKeyBased());

        for (String orderingKey : List.of("x", "y", "x", "x")) {
            rig.taken(rig.admitted(Messages.withKeys("same", orderingKey), LaneRig.TIMEOUT, false));
        }

        assertThat(entrySizes()).containsExactly(3, 1);
    }

    @Test
    void anEntryBearsTheHighestSequenceIdThatItsMessagesWereGiven() {
        batching(AT_INTERVAL);

        for (long id : List.of(10L, 11L, 15L, 20L)) {
            rig.taken(rig.admitted(Messages.withSequenceId(id), LaneRig.TIMEOUT, false));
        }
        offered(4);

        assertThat(publisher.sequenceIds()).containsExactly(20L, 21L);
    }

    // ---- answers

    @Test
    void eachMessageGetsAnIdOfItsOwn() {
        batching(AT_INTERVAL);
        List<Send> sends = offered(4);

        publisher.acknowledge(0);

        for (int i = 0; i < 4; i++) {
            MessageId expected = new BatchMessageIdImpl(7, 0, -1, i, 4, null);
            assertThat(sends.get(i)).isCompletedWithValue(expected);
        }
        assertThat(rig.holdsNothing()).isTrue();
        assertThat(rig.openSends.open()).isZero();
        assertThat(rig.counters.acknowledgedMessages()).isEqualTo(4);
    }

    @Test
    void aMessageThatIsWaitedForIsAnsweredOnce() {
        batching(AT_INTERVAL);
        List<Send> others = offered(3);
        Send waitedFor = rig.taken(rig.admitted(Messages.ofSize(10), LaneRig.TIMEOUT, true));

        publisher.acknowledge(0);

        assertThat(waitedFor).isCompleted();
        assertThat(others).allSatisfy(send -> assertThat(send).isCompleted());
        assertThat(rig.counters.acknowledgedMessages()).isEqualTo(4);
        assertThat(rig.counters.acknowledgedBytes())
                .isEqualTo(4L * Messages.ofSize(10).sizeInBytes());
        assertThat(rig.openSends.open()).isZero();
    }

    @Test
    void eachMessageTimesOutAtItsOwnTime() {
        batching(AT_INTERVAL);
        Send hasty = rig.offered(Duration.ofSeconds(1));
        Send patient = rig.offered(Duration.ofSeconds(3));
        Send slow = rig.offered(Duration.ofSeconds(9));
        rig.lane.flush();

        rig.scheduler.advance(Duration.ofSeconds(1));
        assertThat(LaneRig.failure(hasty)).isInstanceOf(SendTimeoutException.class);
        assertThat(patient).isNotDone();
        rig.scheduler.advance(Duration.ofSeconds(2));
        assertThat(LaneRig.failure(patient)).isInstanceOf(SendTimeoutException.class);
        assertThat(slow).isNotDone();
        assertThat(rig.lane.inFlight()).isEqualTo(3);

        publisher.acknowledge(0);

        assertThat(slow).isCompleted();
        assertThat(LaneRig.failure(hasty)).isInstanceOf(SendTimeoutException.class);
        assertThat(rig.holdsNothing()).isTrue();
        assertThat(rig.counters.acknowledgedMessages()).isEqualTo(1);
        assertThat(rig.counters.acknowledgedBytes())
                .isEqualTo(Messages.ofSize(10).sizeInBytes());
        assertThat(rig.counters.failedMessages()).isEqualTo(2);
    }

    @Test
    void aFailureIsThatOfAllInTheEntry() {
        batching(AT_INTERVAL);
        List<Send> sends = offered(4);

        publisher.fail(0, new PulsarClientException.ChecksumException("broken"));

        assertThat(sends).allSatisfy(send -> assertThat(LaneRig.failure(send)).hasMessageContaining("broken"));
        assertThat(rig.holdsNothing()).isTrue();
        assertThat(rig.counters.failedMessages()).isEqualTo(4);
    }

    @Test
    void anErrorOfTheClientIsAnAnswerAndHoldsUpNothing() {
        rig = new LaneRig(AT_INTERVAL);
        publisher = rig.attach(new ScriptedPublisher().throwingNext(new NoSuchMethodError("of another version")));

        List<Send> failed = offered(4);
        List<Send> next = offered(4);
        publisher.acknowledgeAll();

        assertThat(failed)
                .allSatisfy(send -> assertThat(LaneRig.failure(send)).hasMessageContaining("another version"));
        assertThat(next).allSatisfy(send -> assertThat(send).isCompleted());
        assertThat(rig.holdsNothing()).isTrue();
    }

    // ---- sequence ids of the application's choice

    private void offeredIds(long... ids) {
        for (long id : ids) {
            rig.taken(rig.admitted(Messages.withSequenceId(id), LaneRig.TIMEOUT, false));
        }
    }

    @Test
    void idsThatMayBeStoredAlreadyGoAlone() {
        rig = new LaneRig(AT_INTERVAL.withMaxMessages(100));
        publisher = rig.attach(new ScriptedPublisher(10));

        offeredIds(6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        rig.lane.flush();

        assertThat(entrySizes()).containsExactly(1, 1, 1, 1, 1, 5);
        assertThat(publisher.sequenceIds()).containsExactly(6L, 7L, 8L, 9L, 10L, 15L);
    }

    @Test
    void idsThatLeftBeforeGoAlone() {
        batching(AT_INTERVAL.withMaxMessages(100));
        offeredIds(1, 2, 3);
        rig.lane.flush();

        offeredIds(2, 3, 4, 5);
        rig.lane.flush();

        assertThat(entrySizes()).containsExactly(3, 1, 1, 2);
        assertThat(publisher.sequenceIds()).containsExactly(3L, 2L, 3L, 5L);
    }

    @Test
    void idsRiseWithinAnEntry() {
        batching(AT_INTERVAL.withMaxMessages(100));

        offeredIds(1, 2, 2, 3, 1);
        rig.lane.flush();

        assertThat(publisher.sequenceIds()).containsExactly(2L, 2L, 3L, 1L);
    }

    @Test
    void aMessageWithoutAnIdSharesNoEntryWithOneThatHasOne() {
        batching(AT_INTERVAL.withMaxMessages(100));

        offered(2);
        offeredIds(100, 101);
        offered(2);
        rig.lane.flush();

        assertThat(entrySizes()).containsExactly(2, 2, 2);
        assertThat(publisher.sequenceIds()).containsExactly(0L, 101L, 102L);
    }

    @Test
    void idsRiseFromEntryToEntryWhenGroupedByKey() {
        batching(AT_INTERVAL.withMaxMessages(100).withKeyBased());

        rig.taken(rig.admitted(Messages.withKeyAndSequenceId("a", 1), LaneRig.TIMEOUT, false));
        rig.taken(rig.admitted(Messages.withKeyAndSequenceId("b", 2), LaneRig.TIMEOUT, false));
        rig.taken(rig.admitted(Messages.withKeyAndSequenceId("b", 3), LaneRig.TIMEOUT, false));
        rig.taken(rig.admitted(Messages.withKeyAndSequenceId("a", 4), LaneRig.TIMEOUT, false));
        rig.lane.flush();

        assertThat(publisher.sequenceIds()).containsExactly(1L, 3L, 4L);
    }

    // ---- what cannot be handed over

    @Test
    void whatAFullClientRefusesIsGivenBackWithAllThatIsBehindIt() {
        batching(WHEN_IDLE);
        rig.offered();
        List<Send> open = offered(2);
        publisher.refusing(new PulsarClientException.MemoryBufferIsFullError("full"));

        rig.lane.flush();
        Send late = rig.admitted();
        assertThat(rig.lane.offer(late)).isEqualTo(OfferResult.FULL);
        rig.scheduler.runPending();

        assertThat(rig.queue.waiting()).containsExactlyElementsOf(open);
        assertThat(open).allSatisfy(send -> assertThat(send).isNotDone());
        publisher.refusing(null);
        assertThat(rig.lane.offer(late)).isEqualTo(OfferResult.FULL);
        rig.drains = true;
        rig.scheduler.advance(WaitingQueue.FULL_RETRY);
        assertThat(rig.queue.isEmpty()).isTrue();
        assertThat(rig.lane.offer(late)).isEqualTo(OfferResult.TAKEN);
    }

    @Test
    void whatWaitedForCompanyWhenTheProducerDiedIsGivenBackUnsent() {
        batching(WHEN_IDLE);
        Send sent = rig.offered();
        List<Send> open = offered(2);

        rig.lane.detach("died", null);

        assertThat(LaneRig.failure(sent))
                .isInstanceOfSatisfying(
                        ProducerDiedException.class,
                        failure -> assertThat(failure.outcome()).isEqualTo(Outcome.UNKNOWN));
        assertThat(rig.queue.waiting()).containsExactlyElementsOf(open);
        assertThat(open).allSatisfy(send -> assertThat(send).isNotDone());
    }

    @Test
    void nothingIsTakenWhileWhatTheDeadProducerDidNotGetIsOnItsWayBack() {
        // Given messages in a batcher, and one that is offered while they are on their way back
        rig = new LaneRig();
        LaneContext context = rig.context(-1, rig.scheduler, AT_INTERVAL);
        Batcher batcher =
                new Batcher("group-0", AT_INTERVAL, context, new Handover("group-0", context, rig, mayCallOut -> {}));
        Send next = rig.admitted();
        List<OfferResult> meanwhile = new ArrayList<>();
        Send first = new Send(Messages.ofSize(10), 0, LaneRig.TIMEOUT, false, rig.openSends) {
            @Override
            public void waitIn(Send.@Nullable Queue where) {
                meanwhile.add(batcher.offer(next));
                super.waitIn(where);
            }
        };
        Send second = rig.admitted();
        assertThat(batcher.offer(first)).isEqualTo(OfferResult.TAKEN);
        assertThat(batcher.offer(second)).isEqualTo(OfferResult.TAKEN);

        // When
        batcher.returnAll();

        // Then
        assertThat(rig.queue.waiting()).containsExactly(first, second);
        assertThat(meanwhile).containsExactly(OfferResult.FULL);
        assertThat(batcher.offer(next)).isEqualTo(OfferResult.FULL);
        rig.queue.failAll(IllegalStateException::new);
        assertThat(batcher.offer(next)).isEqualTo(OfferResult.TAKEN);
    }

    @Test
    void whatAnEndedProducerRefusesIsGivenBack() {
        batching(AT_INTERVAL);
        List<Send> open = offered(3);
        publisher.ended(new PulsarClientException.AlreadyClosedException("closed"));

        rig.scheduler.advance(INTERVAL);

        assertThat(rig.queue.waiting()).containsExactlyElementsOf(open);
        assertThat(rig.deaths).hasSize(1);
        assertThat(rig.lane.offer(rig.admitted())).isEqualTo(OfferResult.DOWN);
    }

    @Test
    void nothingMoreIsTakenWithoutAProducer() {
        rig = new LaneRig(WHEN_IDLE);

        assertThat(rig.lane.offer(rig.admitted())).isEqualTo(OfferResult.DOWN);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65, 128, 200})
    void aReceiptAnswersExactlyThoseThatHaveNoAnswerHoweverManyThereAre(int messages) {
        // Given an entry of which every third message has timed out, the first among them
        batching(AT_INTERVAL.withMaxMessages(messages + 1).withMaxBytes(8192));
        List<Send> late = new ArrayList<>();
        List<Send> inTime = new ArrayList<>();
        for (int i = 0; i <= messages; i++) {
            (i % 3 == 0 ? late : inTime).add(rig.offered(Duration.ofSeconds(i % 3 == 0 ? 1 : 9)));
        }
        rig.scheduler.advance(Duration.ofSeconds(2));
        assertThat(late).allSatisfy(send -> assertThat(send).isCompletedExceptionally());

        // When
        publisher.acknowledge(0);

        // Then
        assertThat(inTime).allSatisfy(send -> assertThat(send).isCompleted());
        assertThat(inTime.stream().map(Send::join).distinct()).hasSameSizeAs(inTime);
        assertThat(rig.counters.acknowledgedMessages()).isEqualTo(inTime.size());
        assertThat(rig.openSends.open()).isZero();
        assertThat(rig.holdsNothing()).isTrue();
    }

    /** A callback may take long, and what is behind it may be due meanwhile: it has its receipt all the same. */
    @Test
    void whatIsDueWhileACallbackOfItsEntryRunsHasItsReceiptOnce() {
        // Given
        batching(AT_INTERVAL.withMaxMessages(100).withMaxBytes(8192));
        List<Send> sends = offered(100);
        sends.get(0).thenRun(() -> rig.scheduler.advance(LaneRig.TIMEOUT.multipliedBy(2)));

        // When
        publisher.acknowledge(0);

        // Then
        assertThat(sends).allSatisfy(send -> assertThat(send).isCompleted());
        assertThat(rig.counters.acknowledgedMessages()).isEqualTo(100);
        assertThat(rig.counters.failedMessages()).isZero();
        assertThat(rig.openSends.open()).isZero();
        assertThat(rig.holdsNothing()).isTrue();
    }

    // ---- buffers

    @Test
    void aBufferIsUsedAgainOnceItsEntryIsStored() {
        batching(AT_INTERVAL);
        offered(4);
        publisher.acknowledge(0);

        offered(4);

        assertThat(buffer(1)).isSameAs(buffer(0));
    }

    @Test
    void theBufferOfAMessageThatLeftAloneIsUsedAgain() {
        batching(AT_INTERVAL);
        rig.offered();
        rig.lane.flush();
        offered(4);
        publisher.acknowledgeAll();

        offered(4);

        assertThat(publisher.entries()).hasSize(3);
        assertThat(buffer(2)).isSameAs(buffer(1));
    }

    @Test
    void aBufferThatBecomesTooSmallIsUsedAgainAtOnce() {
        // Given two messages, of which the second does not fit into the smallest buffer
        batching(AT_INTERVAL.withMaxBytes(8192));
        rig.offered();

        // When
        rig.taken(rig.admitted(Messages.of(new byte[3000]), LaneRig.TIMEOUT, false));
        rig.lane.flush();

        // Then it went on in a larger one, and the small one is there again
        assertThat(buffer(0).capacity()).isEqualTo(4096);
        assertThat(Messages.payloads(publisher.entries().get(0).outgoing()).get(1))
                .hasSize(3000);
        assertThat(rig.buffers.kept()).isEqualTo(1024);
    }

    @Test
    void aBufferThatIsOnItsWayIsNotUsed() {
        batching(AT_INTERVAL);
        offered(8);

        assertThat(buffer(1)).isNotSameAs(buffer(0));
    }

    @Test
    void aBufferThatWentOverAReplacedConnectionIsNotUsedAgain() {
        batching(AT_INTERVAL);
        offered(4);
        publisher.lastDisconnected(1);
        publisher.acknowledge(0);

        offered(4);

        assertThat(buffer(1)).isNotSameAs(buffer(0));
    }

    @Test
    void aBufferOfAFailedEntryIsNotUsedAgain() {
        batching(AT_INTERVAL);
        offered(4);
        publisher.fail(0, new PulsarClientException.ChecksumException("broken"));

        offered(4);

        assertThat(buffer(1)).isNotSameAs(buffer(0));
    }

    private ByteBuffer buffer(int entry) {
        return ((EncodedBatch) publisher.entries().get(entry).outgoing()).buffer();
    }
}
