package dev.vela.internal.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.Batching;
import dev.vela.MessageRejectedException;
import dev.vela.Outcome;
import dev.vela.ProducerDiedException;
import dev.vela.SendFailedException;
import dev.vela.SendTimeoutException;
import dev.vela.SupervisedProducer;
import dev.vela.internal.pulsar.EncodedBatch;
import dev.vela.internal.pulsar.Messages;
import dev.vela.internal.pulsar.ScriptedPublisher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.pulsar.client.api.PulsarClientException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What a dead producer left is sent again by its successor. */
class LaneReplayTest {
    private final LaneRig rig = LaneRig.replaying(null);

    private static Throwable closed() {
        return new PulsarClientException.AlreadyClosedException("closed");
    }

    private static Throwable full() {
        return new PulsarClientException.MemoryBufferIsFullError("full", 0);
    }

    /** Its producer dies, and fails what it has, as the client does. */
    private void die(ScriptedPublisher publisher) {
        publisher.closeAsync();
        rig.lane.suspend("died", closed());
    }

    // ---- order

    @Test
    void aSuccessorGetsWhatHasNoReceiptInOrderUnderTheSameIds() {
        // Given
        ScriptedPublisher first = rig.attach(new ScriptedPublisher(4));
        List<Send> sends = List.of(rig.offered(), rig.offered(), rig.offered());
        first.acknowledge(0);

        // When
        die(first);
        ScriptedPublisher second = rig.attach(new ScriptedPublisher(7));

        // Then
        assertThat(second.sequenceIds()).containsExactly(6L, 7L);
        assertThat(second.entries())
                .extracting(ScriptedPublisher.Entry::outgoing)
                .containsExactly(sends.get(1).message(), sends.get(2).message());
        assertThat(sends.subList(1, 3)).noneMatch(send -> send.isDone());
        second.acknowledgeAll();
        assertThat(sends).allSatisfy(send -> assertThat(send).isCompleted());
        assertThat(rig.holdsNothing()).isTrue();
        assertThat(rig.lane.inFlight()).isZero();
    }

    @Test
    void nothingNewerLeavesBeforeAllOfItHasBeenHandedOver() {
        // Given more than is handed over at once
        ScriptedPublisher first = rig.attach();
        for (int i = 0; i < 200; i++) {
            rig.offered();
        }
        die(first);

        // When
        ScriptedPublisher second = rig.attach();

        // Then
        assertThat(second.entries()).isNotEmpty().hasSizeLessThan(200);
        assertThat(rig.lives).doesNotContain(second);
        assertThat(rig.lane.isLive()).isFalse();
        Send newer = rig.admitted();
        assertThat(rig.lane.offer(newer)).isEqualTo(OfferResult.DOWN);
        rig.scheduler.runPending();
        assertThat(rig.lives).endsWith(second);
        assertThat(rig.lane.offer(newer)).isEqualTo(OfferResult.TAKEN);
        assertThat(second.sequenceIds())
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(0, 200).boxed().toList());
    }

    @Test
    void nothingNewerLeavesOnceTheClientHasFailedWhatItHadThoughItGoesOn() {
        // Given a producer whose reconnect is refused for a quota: the client fails its queue, and tries again
        ScriptedPublisher first = rig.attach();
        Send kept = rig.offered();
        first.fail(0, new PulsarClientException.ProducerBlockedQuotaExceededException("full"));

        // When a message comes before the control thread knows
        Send newer = rig.admitted();
        OfferResult verdict = rig.lane.offer(newer);

        // Then
        assertThat(verdict).isEqualTo(OfferResult.DOWN);
        assertThat(first.entries()).hasSize(1);
        rig.scheduler.runPending();
        assertThat(rig.deaths).hasSize(1);
        die(first);
        ScriptedPublisher second = rig.attach();
        assertThat(rig.lane.offer(newer)).isEqualTo(OfferResult.TAKEN);
        assertThat(second.sequenceIds()).containsExactly(0L, 1L);
        assertThat(kept).isNotDone();
    }

    @Test
    void newIdsGoOnAfterWhatTheBrokerKnowsAndOldOnesStay() {
        // Given
        ScriptedPublisher first = rig.attach();
        rig.taken(rig.admitted(Messages.withSequenceId(100), LaneRig.TIMEOUT, false));
        rig.offered();
        die(first);

        // When
        ScriptedPublisher second = rig.attach(new ScriptedPublisher(500));
        rig.offered();

        // Then
        assertThat(second.sequenceIds()).containsExactly(100L, 101L, 501L);
    }

    @Test
    void fullMemoryHoldsItUpAndSkipsNothing() {
        // Given
        ScriptedPublisher first = rig.attach();
        for (int i = 0; i < 3; i++) {
            rig.offered();
        }
        die(first);
        ScriptedPublisher second = new ScriptedPublisher().refusing(full());

        // When
        rig.attach(second);
        rig.scheduler.advance(Duration.ofSeconds(1));
        assertThat(second.entries()).isEmpty();
        assertThat(rig.lane.isLive()).isFalse();
        second.refusing(null).failingNext(full());
        rig.scheduler.advance(Duration.ofSeconds(1));

        // Then
        assertThat(second.sequenceIds()).containsExactly(0L, 1L, 2L);
        assertThat(rig.lane.isLive()).isTrue();
    }

    // ---- receipts and failures of two producers

    @Test
    void aLateReceiptOfTheDeadProducerIsOneAndIsNotSentAgain() {
        // Given
        ScriptedPublisher first = rig.attach();
        Send stored = rig.offered();
        Send open = rig.offered();
        rig.lane.suspend("died", closed());

        // When
        first.acknowledge(0);
        ScriptedPublisher second = rig.attach();

        // Then
        assertThat(stored).isCompletedWithValue(Messages.receipt(0));
        assertThat(second.sequenceIds()).containsExactly(1L);
        assertThat(open).isNotDone();
        assertThat(rig.own.messages()).isEqualTo(1);
    }

    @Test
    void receiptsOfBothAnswerOnceAndGiveRoomBackOnce() {
        // Given
        ScriptedPublisher first = rig.attach();
        Send send = rig.offered();
        rig.offered();
        rig.lane.suspend("died", closed());
        ScriptedPublisher second = rig.attach();

        // When
        first.acknowledge(0);
        second.entries().get(0).answer().complete(Messages.duplicateReceipt());

        // Then
        assertThat(SupervisedProducer.isDuplicate(send.join())).isFalse();
        assertThat(rig.own.messages()).isEqualTo(1);
        assertThat(rig.lane.inFlight()).isEqualTo(1);
        assertThat(rig.counters.acknowledgedMessages()).isEqualTo(1);
    }

    @Test
    void failuresOfTheDeadProducerThatComeLateAreNone() {
        // Given
        ScriptedPublisher first = rig.attach();
        Send send = rig.offered();
        rig.lane.suspend("died", closed());
        ScriptedPublisher second = rig.attach();

        // When
        first.fail(0, new PulsarClientException("quota exceeded"));
        rig.scheduler.runPending();

        // Then
        assertThat(rig.deaths).isEmpty();
        assertThat(send).isNotDone();
        assertThat(rig.lane.isLive()).isTrue();
        second.acknowledge(0);
        assertThat(send).isCompleted();
    }

    @Test
    void aReceiptForADuplicateIsASuccessThatCanBeToldApart() {
        // Given
        ScriptedPublisher first = rig.attach();
        Send send = rig.offered();
        die(first);
        ScriptedPublisher second = rig.attach();

        // When
        second.entries().get(0).answer().complete(Messages.duplicateReceipt());

        // Then
        assertThat(SupervisedProducer.isDuplicate(send.join())).isTrue();
        assertThat(rig.counters.acknowledgedMessages()).isEqualTo(1);
    }

    @Test
    void aRejectionOfWhatADeadProducerHadDoesNotClaimThatItIsNotStored() {
        // Given
        ScriptedPublisher first = rig.attach();
        Send again = rig.offered();
        die(first);
        ScriptedPublisher second = rig.attach();
        Send fresh = rig.offered();

        // When
        second.fail(0, new PulsarClientException.NotAllowedException("too large"));
        second.fail(1, new PulsarClientException.NotAllowedException("too large"));

        // Then
        assertThat(LaneRig.failure(again)).isInstanceOf(SendFailedException.class);
        assertThat(Outcome.of(LaneRig.failure(again))).isEqualTo(Outcome.UNKNOWN);
        assertThat(LaneRig.failure(fresh)).isInstanceOf(MessageRejectedException.class);
        assertThat(rig.holdsNothing()).isTrue();
    }

    // ---- time

    @Test
    void isAnsweredInTimeAndSentAgainAllTheSame() {
        // Given
        ScriptedPublisher first = rig.attach();
        Send hasty = rig.offered(Duration.ofSeconds(1));
        Send patient = rig.offered(Duration.ofSeconds(10));
        die(first);

        // When
        rig.scheduler.advance(Duration.ofSeconds(1));

        // Then
        assertThat(LaneRig.failure(hasty)).isInstanceOf(SendTimeoutException.class);
        assertThat(Outcome.of(LaneRig.failure(hasty))).isEqualTo(Outcome.UNKNOWN);
        assertThat(patient).isNotDone();
        assertThat(rig.own.messages()).isEqualTo(2);
        ScriptedPublisher second = rig.attach();
        assertThat(second.sequenceIds()).containsExactly(0L, 1L);
        rig.scheduler.advance(Duration.ofSeconds(9));
        assertThat(LaneRig.failure(patient)).isInstanceOf(SendTimeoutException.class);
        assertThat(rig.own.messages()).isEqualTo(2);
        second.acknowledgeAll();
        assertThat(rig.holdsNothing()).isTrue();
    }

    @Test
    void aSuccessorIsNotForsakenForWhatTimedOutBeforeIt() {
        // Given
        ScriptedPublisher first = rig.attach();
        rig.offered(Duration.ofSeconds(1));
        die(first);
        rig.scheduler.advance(Duration.ofMinutes(5));

        // When
        rig.attach();

        // Then
        assertThat(rig.lane.isStuck(Duration.ofSeconds(30))).isFalse();
        rig.scheduler.advance(Duration.ofSeconds(30));
        assertThat(rig.lane.isStuck(Duration.ofSeconds(30))).isTrue();
    }

    // ---- deaths and stops meanwhile

    @Test
    void theNextSuccessorBeginsAnewWhenOneDiesMeanwhile() {
        // Given a successor that has got a part of it
        ScriptedPublisher first = rig.attach();
        for (int i = 0; i < 100; i++) {
            rig.offered();
        }
        die(first);
        ScriptedPublisher second = rig.attach();
        assertThat(second.entries()).hasSizeBetween(2, 99);
        second.acknowledge(0);

        // When it dies
        die(second);
        rig.scheduler.runPending();
        ScriptedPublisher third = rig.attach();
        rig.scheduler.runPending();

        // Then
        assertThat(rig.lives).doesNotContain(second).contains(third);
        assertThat(third.sequenceIds())
                .containsExactlyElementsOf(LongStream.range(1, 100).boxed().toList());
        assertThat(second.entries()).hasSizeLessThan(100);
        third.acknowledgeAll();
        assertThat(rig.holdsNothing()).isTrue();
    }

    @Test
    void tellsOfASuccessorThatRefusesForGood() {
        // Given
        ScriptedPublisher first = rig.attach();
        Send send = rig.offered();
        die(first);
        rig.scheduler.runPending();
        rig.deaths.clear();

        // When
        Throwable cause = closed();
        ScriptedPublisher second = new ScriptedPublisher().ended(cause);
        rig.attach(second);
        rig.scheduler.runPending();

        // Then
        assertThat(rig.deaths).containsExactly(new LaneRig.Death(second, cause));
        assertThat(rig.lane.isLive()).isFalse();
        assertThat(send).isNotDone();
    }

    @Test
    void isAnsweredWhenThereWillBeNoSuccessor() {
        // Given
        ScriptedPublisher first = rig.attach();
        Send send = rig.offered();
        die(first);
        Throwable cause = new PulsarClientException.TopicTerminatedException("terminated");

        // When
        rig.lane.detach("died, and could not be replaced", cause);

        // Then
        assertThat(LaneRig.failure(send))
                .isInstanceOf(ProducerDiedException.class)
                .hasCause(cause);
        assertThat(Outcome.of(LaneRig.failure(send))).isEqualTo(Outcome.UNKNOWN);
        assertThat(rig.holdsNothing()).isTrue();
        assertThat(rig.attach().entries()).isEmpty();
    }

    @Test
    void aStopMeanwhileLetsItBeSentAndNothingNewer() {
        // Given a successor that cannot take all at once
        ScriptedPublisher first = rig.attach();
        List<Send> sends = List.of(rig.offered(), rig.offered());
        die(first);
        ScriptedPublisher second = new ScriptedPublisher().refusing(full());
        rig.attach(second);

        // When
        rig.lane.endIntake();
        second.refusing(null);
        rig.scheduler.advance(Duration.ofSeconds(1));

        // Then
        assertThat(second.sequenceIds()).containsExactly(0L, 1L);
        assertThat(rig.lane.isLive()).isFalse();
        second.acknowledge(0);
        rig.lane.detach("was stopped", null);
        assertThat(sends.get(0)).isCompleted();
        assertThat(LaneRig.failure(sends.get(1))).isInstanceOf(ProducerDiedException.class);
        assertThat(rig.holdsNothing()).isTrue();
    }

    @Test
    void aStopMeanwhileEndsIt() {
        // Given
        ScriptedPublisher first = rig.attach();
        Send send = rig.offered();
        die(first);
        ScriptedPublisher second = new ScriptedPublisher().refusing(full());
        rig.attach(second);

        // When
        rig.lane.detach("was stopped", null);
        second.refusing(null);
        rig.scheduler.advance(Duration.ofMinutes(1));

        // Then
        assertThat(second.entries()).isEmpty();
        assertThat(LaneRig.failure(send)).isInstanceOf(ProducerDiedException.class);
        assertThat(rig.lane.isLive()).isFalse();
        assertThat(rig.holdsNothing()).isTrue();
    }

    // ---- what the broker knows

    @Test
    void theLastSequenceIdIsTheBrokersUntilAReceiptComes() {
        // Given
        assertThat(rig.lane.lastAcknowledged()).isEqualTo(-1);
        rig.attach(new ScriptedPublisher(9));
        assertThat(rig.lane.lastAcknowledged()).isEqualTo(9);
        rig.lane.suspend("died", closed());
        ScriptedPublisher second = rig.attach(new ScriptedPublisher(7)); // what was pushed was not stored after all
        assertThat(rig.lane.lastAcknowledged()).isEqualTo(7);

        // When
        rig.offered();
        die(second);

        // Then what the broker knows of may not be stored
        ScriptedPublisher third = rig.attach(new ScriptedPublisher(10));
        assertThat(rig.lane.lastAcknowledged()).isEqualTo(7);
        third.acknowledgeAll();
        assertThat(rig.lane.lastAcknowledged()).isEqualTo(10);
    }

    /** Entries of several messages. */
    @Nested
    class Batched {
        private final Batching fives = Batching.defaults()
                .withMaxMessages(5)
                .withFlush(Batching.Flush.AT_INTERVAL)
                .withFlushInterval(Duration.ofSeconds(1));
        private final LaneRig rig = LaneRig.replaying(fives);

        private List<Send> offered(int count) {
            List<Send> sends = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                sends.add(rig.taken(rig.admitted(
                        Messages.of(new byte[] {(byte) i, (byte) (i >> 8)}), LaneRig.TIMEOUT, false)));
            }
            return sends;
        }

        private byte[] bytes(ScriptedPublisher.Entry entry) {
            EncodedBatch batch = (EncodedBatch) entry.outgoing();
            byte[] bytes = new byte[batch.length()];
            batch.buffer().get(0, bytes);
            return bytes;
        }

        @Test
        void entriesAreSentAgainAsTheyWereByteForByte() {
            // Given two entries, and one that is being filled
            ScriptedPublisher first = rig.attach();
            offered(12);
            List<byte[]> sent = first.entries().stream().map(this::bytes).toList();

            // When
            first.closeAsync();
            rig.lane.suspend("died", closed());
            ScriptedPublisher second = rig.attach();

            // Then
            assertThat(second.sequenceIds()).containsExactly(0L, 1L);
            assertThat(second.entries().stream().map(this::bytes).toList())
                    .usingRecursiveComparison()
                    .isEqualTo(sent);
            assertThat(rig.queue.waiting()).hasSize(2);
        }

        @Test
        void aBufferThatTwoProducersHadIsNotUsedAgain() {
            // Given an entry that two producers had
            ScriptedPublisher first = rig.attach();
            List<Send> sends = offered(10);
            rig.lane.suspend("died", closed());

            // When its receipts come, be it from the one or from the other
            first.acknowledge(0);
            ScriptedPublisher second = rig.attach();
            second.acknowledgeAll();

            // Then
            assertThat(sends).allSatisfy(send -> assertThat(send).isCompleted());
            assertThat(rig.buffers.kept()).isZero();
            offered(5);
            second.acknowledgeAll();
            assertThat(rig.buffers.kept()).isPositive();
        }

        @Test
        void anEntryOfWhichAllMessagesHaveTimedOutIsSentAgain() {
            // Given
            ScriptedPublisher first = rig.attach();
            List<Send> sends = offered(10);
            first.closeAsync();
            rig.lane.suspend("died", closed());

            // When
            rig.scheduler.advance(LaneRig.TIMEOUT);
            ScriptedPublisher second = rig.attach();

            // Then
            assertThat(sends)
                    .allSatisfy(send -> assertThat(LaneRig.failure(send)).isInstanceOf(SendTimeoutException.class));
            assertThat(second.sequenceIds()).containsExactly(0L, 1L);
            assertThat(rig.own.messages()).isEqualTo(10);
            second.acknowledgeAll();
            assertThat(rig.holdsNothing()).isTrue();
        }
    }
}
