package dev.vela.internal.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.Batching;
import dev.vela.SendFailedException;
import dev.vela.internal.pulsar.Messages;
import dev.vela.internal.pulsar.ScriptedPublisher;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Room that is taken in advance: a lane admits, counts and takes a message in one step. */
class CreditTest {

    private static final Batching BATCHING =
            Batching.defaults().withMaxMessages(100).withMaxBytes(4096).withFlush(Batching.Flush.AT_INTERVAL);
    private static final int SIZE = Messages.ofSize(10).sizeInBytes();

    private final LaneRig rig = new LaneRig(BATCHING);
    private final ScriptedPublisher publisher = rig.attach();

    private Send send() {
        return send(rig.openSends);
    }

    private static Send send(OpenSends openSends) {
        return new Send(Messages.ofSize(10), 0, LaneRig.TIMEOUT, false, openSends);
    }

    private boolean take(Send send) {
        return rig.lane.offer(send) == OfferResult.TAKEN;
    }

    @ParameterizedTest(name = "{0} messages")
    @ValueSource(ints = {1, 2, 3, 4, 50, 99})
    void whatIsPendingIsWhatWasTakenAndNotMore(int messages) {
        for (int i = 0; i < messages; i++) {
            assertThat(take(send())).isTrue();
        }

        Reserve reserve = rig.lane.reserve();
        assertThat(rig.own.messages() - reserve.messages()).isEqualTo(messages);
        assertThat(rig.own.bytes() - reserve.bytes()).isEqualTo((long) messages * SIZE);
        assertThat(rig.runtime.messages()).isEqualTo(rig.own.messages());
        assertThat(rig.runtime.bytes()).isEqualTo(rig.own.bytes());
        assertThat(rig.openSends.open() - reserve.messages()).isEqualTo(messages);
    }

    @ParameterizedTest(name = "{0} messages")
    @ValueSource(ints = {1, 2, 3, 4, 50, 99, 100, 101, 250})
    void nothingIsHeldOnceAllHasBeenAnswered(int messages) {
        for (int i = 0; i < messages; i++) {
            take(send());
        }

        rig.lane.flush();
        assertThat(rig.lane.reserve()).isEqualTo(Reserve.NONE);
        assertThat(rig.own.messages()).isEqualTo(messages);
        publisher.acknowledgeAll();

        assertThat(rig.holdsNothing()).isTrue();
        assertThat(rig.openSends.open()).isZero();
    }

    @ParameterizedTest(name = "after {0} others")
    @ValueSource(ints = {0, 1, 5})
    void whatCannotBeWrittenIsAnsweredAndHoldsNothing(int others) {
        // Given
        for (int i = 0; i < others; i++) {
            take(send());
        }
        OutOfMemoryError noMemory = new OutOfMemoryError("Direct buffer memory");
        Send bad = new Send(Messages.thatCannotBeCopied(noMemory), 0, LaneRig.TIMEOUT, false, rig.openSends);

        // When
        boolean taken = take(bad);

        // Then it says so, and the rest goes on
        assertThat(taken).isTrue();
        assertThat(LaneRig.failure(bad)).isInstanceOf(SendFailedException.class).hasCause(noMemory);
        take(send());
        rig.lane.flush();
        publisher.acknowledgeAll();
        assertThat(rig.holdsNothing()).isTrue();
        assertThat(rig.openSends.open()).isZero();
        assertThat(rig.counters.acknowledgedMessages()).isEqualTo(others + 1);
    }

    @ParameterizedTest(name = "room for {0}")
    @ValueSource(ints = {1, 2, 7, 16, 40, 64, 99})
    void aSmallBudgetTakesExactlyAsManyAsItHasRoomFor(int room) {
        LaneRig small = new LaneRig(BATCHING, new Budget("small", room, 1 << 20, new RoomSignal()));
        small.attach();

        int taken = 0;
        while (small.lane.offer(send(small.openSends)) == OfferResult.TAKEN) {
            taken++;
        }

        assertThat(taken).isEqualTo(room);
        assertThat(small.own.messages()).isEqualTo(room);
    }

    @ParameterizedTest(name = "room for {0}")
    @ValueSource(ints = {1, 2, 7, 40, 64, 99})
    void aBudgetOfFewBytesTakesExactlyAsManyAsItHasRoomFor(int room) {
        LaneRig small = new LaneRig(BATCHING, new Budget("small", 1000, (long) room * SIZE, new RoomSignal()));
        small.attach();

        int taken = 0;
        while (small.lane.offer(send(small.openSends)) == OfferResult.TAKEN) {
            taken++;
        }

        assertThat(taken).isEqualTo(room);
    }

    @Test
    void nothingHappensToAMessageForWhichThereIsNoRoom() {
        LaneRig full = new LaneRig(BATCHING, new Budget("full", 1, 1 << 20, new RoomSignal()));
        full.attach();
        Send first = send(full.openSends);
        assertThat(full.lane.offer(first) == OfferResult.TAKEN).isTrue();
        Send second = send(full.openSends);

        assertThat(full.lane.offer(second) == OfferResult.TAKEN).isFalse();

        assertThat(full.openSends.open()).isEqualTo(1);
        assertThat(full.runtime.messages()).isEqualTo(1);
        assertThat(second.isAdmitted()).isFalse();
        assertThat(second).isNotDone();
    }

    @Test
    void takesNothingWhereTheIntakeHasEndedAndKeepsNothingOpen() {
        rig.openSends.endIntake();
        CompletableFuture<Void> settled = rig.openSends.whenSettled();

        assertThat(take(send())).isFalse();

        assertThat(settled).isCompleted();
        assertThat(rig.openSends.open()).isZero();
        assertThat(rig.holdsNothing()).isTrue();
    }

    @Test
    void aStopIsNotHeldUpByRoomTakenForMessagesThatNeverCame() {
        for (int i = 0; i < 5; i++) {
            take(send());
        }
        rig.openSends.endIntake();
        CompletableFuture<Void> settled = rig.openSends.whenSettled();

        rig.lane.flush();
        publisher.acknowledgeAll();

        assertThat(settled).isCompleted();
    }

    @Test
    void takesNothingWhileOthersWait() {
        Send waiting = rig.admitted();
        rig.queue.add(waiting, OfferResult.FULL);

        assertThat(take(send())).isFalse();

        assertThat(rig.own.messages()).isEqualTo(1);
    }

    @Test
    void takesNothingWithoutAProducer() {
        rig.lane.detach("died", null);

        assertThat(take(send())).isFalse();

        assertThat(rig.holdsNothing()).isTrue();
        assertThat(rig.openSends.open()).isZero();
    }

    @Test
    void theMessagesOfTwoHandlesAreCountedApart() {
        OpenSends other = new OpenSends();
        for (int i = 0; i < 4; i++) {
            take(send());
        }

        boolean taken = take(send(other));

        assertThat(other.open()).isEqualTo(taken ? 1 : 0);
        rig.lane.flush();
        publisher.acknowledgeAll();
        assertThat(rig.openSends.open()).isZero();
        assertThat(other.open()).isZero();
        assertThat(rig.holdsNothing()).isTrue();
    }

    @Test
    void aMessageTooLargeToShareGoesAloneAndLeavesNothingHeld() {
        Send large = new Send(Messages.ofSize(5000), 0, LaneRig.TIMEOUT, false, rig.openSends);

        assertThat(take(large)).isTrue();

        assertThat(publisher.entries()).hasSize(1);
        assertThat(rig.lane.reserve()).isEqualTo(Reserve.NONE);
        publisher.acknowledgeAll();
        assertThat(large).isCompleted();
        assertThat(rig.holdsNothing()).isTrue();
    }

    @Test
    void aMessageThatSharesAnEntryIsAcceptedWhenTheFirstOfThemWas() {
        Send first = send();
        take(first);
        rig.scheduler.advance(Duration.ofMillis(4));
        Send second = send();
        take(second);

        assertThat(second.acceptedAt()).isEqualTo(first.acceptedAt());
        assertThat(second.deadline() - second.acceptedAt()).isEqualTo(LaneRig.TIMEOUT.toNanos());
    }

    @Test
    void whatIsGivenBackHoldsItsRoomUntilItIsReleased() {
        List<Send> sends = List.of(send(), send(), send());
        sends.forEach(this::take);

        rig.lane.detach("died", null);

        assertThat(rig.queue.waiting()).containsExactlyElementsOf(sends);
        assertThat(rig.own.messages()).isEqualTo(3);
        sends.forEach(Send::release);
        assertThat(rig.holdsNothing()).isTrue();
    }
}
