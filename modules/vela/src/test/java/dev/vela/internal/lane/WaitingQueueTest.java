package dev.vela.internal.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.INTEGER;
import static org.assertj.core.api.InstanceOfAssertFactories.LONG;
import static org.awaitility.Awaitility.await;

import dev.vela.internal.pulsar.Messages;
import dev.vela.internal.scheduling.ControlThread;
import dev.vela.internal.scheduling.Together;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WaitingQueueTest {

    private final LaneRig rig = new LaneRig();
    private final ScriptedReceptionist receptionist = new ScriptedReceptionist();
    private final WaitingQueue lobby = new WaitingQueue(rig.scheduler, receptionist);

    private final class ScriptedReceptionist implements WaitingQueue.Router {
        Function<Send, OfferResult> verdict = send -> OfferResult.DOWN;
        Function<Send, @Nullable Throwable> refusal = send -> null;
        final List<Send> looked = new ArrayList<>();
        final List<Send> taken = new ArrayList<>();
        int handedOver;

        @Override
        public OfferResult admit(Send send) {
            looked.add(send);
            OfferResult decided = verdict.apply(send);
            if (decided == OfferResult.TAKEN) {
                taken.add(send);
            }
            return decided;
        }

        @Override
        public @Nullable Throwable refusal(Send send) {
            return refusal.apply(send);
        }

        @Override
        public void handedOver() {
            handedOver++;
        }

        @Override
        public Throwable expired(Send send) {
            return new IllegalStateException("expired");
        }

        @Override
        public void failed(Send send, Throwable cause) {
            assertThat(send.isReleased()).isTrue();
            rig.fail(send, cause);
        }
    }

    private Send parked() {
        return parked(LaneRig.TIMEOUT);
    }

    private Send parked(Duration timeout) {
        Send send = rig.admitted(timeout);
        lobby.park(send);
        return send;
    }

    private Send parkedWith(int affinity) {
        Send send = rig.admittedWith(affinity);
        lobby.park(send);
        return send;
    }

    private void run() {
        rig.scheduler.runPending();
    }

    @Test
    void tellsOnceForARoundThatSomeWereHandedOver() {
        // Given
        parked();
        parked();
        run();
        assertThat(receptionist.handedOver).isZero();

        // When
        receptionist.verdict = send -> OfferResult.TAKEN;
        lobby.askForRound();
        run();

        // Then
        assertThat(receptionist.taken).hasSize(2);
        assertThat(receptionist.handedOver).isEqualTo(1);
    }

    @Test
    void tellsThatSomeWereHandedOverBeforeTheClientWasFull() {
        // Given
        Send first = parked();
        parked();
        receptionist.verdict = send -> send == first ? OfferResult.TAKEN : OfferResult.FULL;

        // When
        run();

        // Then
        assertThat(receptionist.handedOver).isEqualTo(1);
        assertThat(lobby.size()).isEqualTo(1);
    }

    @Test
    void handsOnWhatWaitsInItsOrder() {
        // Given
        List<Send> sends = List.of(parked(), parked(), parked());
        assertThat(lobby.size()).isEqualTo(3);
        run();
        assertThat(receptionist.taken).isEmpty();

        // When
        receptionist.verdict = send -> OfferResult.TAKEN;
        lobby.askForRound();
        run();

        // Then
        assertThat(receptionist.taken).containsExactlyElementsOf(sends);
        assertThat(lobby.isEmpty()).isTrue();
    }

    @Test
    void looksAtWhatIsParkedWithoutBeingAsked() {
        // Given
        receptionist.verdict = send -> OfferResult.TAKEN;

        // When
        Send send = parked();
        assertThat(receptionist.taken).isEmpty();
        run();

        // Then
        assertThat(receptionist.taken).containsExactly(send);
    }

    @Test
    void whatIsHeldHoldsUpNoneButThoseOfItsAffinity() {
        // Given
        Send held = parkedWith(1);
        Send other = parkedWith(2);
        Send behindHeld = parkedWith(1);
        receptionist.verdict = send -> send == held ? OfferResult.HELD : OfferResult.TAKEN;

        // When
        run();

        // Then
        assertThat(receptionist.taken).containsExactly(other);
        assertThat(lobby.size()).isEqualTo(2);
        receptionist.verdict = send -> OfferResult.TAKEN;
        lobby.askForRound();
        rig.scheduler.advance(WaitingQueue.FULL_RETRY);
        assertThat(receptionist.taken).containsExactly(other, held, behindHeld);
    }

    @Test
    void roundsKeepADistanceWhileSomethingIsHeld() {
        // Given
        receptionist.verdict = send -> send.affinity() == 1 ? OfferResult.HELD : OfferResult.TAKEN;
        parkedWith(1);
        run();

        // When
        Send one = parkedWith(2);
        run();
        Send two = parkedWith(3);
        run();
        assertThat(receptionist.taken).isEmpty();
        rig.scheduler.advance(WaitingQueue.FULL_RETRY);

        // Then
        assertThat(receptionist.taken).containsExactly(one, two);
        assertThat(receptionist.handedOver).isEqualTo(1);
    }

    @Test
    void whatIsHeldIsLookedAtFromTimeToTimeThoughNobodyAsks() {
        // Given
        receptionist.verdict = send -> OfferResult.HELD;
        Send held = parkedWith(1);
        run();

        // When
        receptionist.verdict = send -> OfferResult.TAKEN;
        rig.scheduler.advance(WaitingQueue.HELD_RETRY.plus(WaitingQueue.FULL_RETRY));

        // Then
        assertThat(receptionist.taken).containsExactly(held);
    }

    @Test
    void whatHasASequenceIdOfItsOwnDoesNotPassWhatIsHeld() {
        // Given
        Send held = parkedWith(1);
        Send numbered = rig.admitted(Messages.withSequenceId(7), LaneRig.TIMEOUT, false);
        lobby.park(numbered);
        Send other = parkedWith(2);
        receptionist.verdict = send -> send == held ? OfferResult.HELD : OfferResult.TAKEN;

        // When
        run();

        // Then
        assertThat(receptionist.taken).containsExactly(other);
    }

    @Test
    void whatWasHandedOverIsNotHandedOverAgainThoughTheRoundFailed() {
        // Given
        Send held = parkedWith(1);
        Send first = parkedWith(2);
        Send second = parkedWith(3);
        receptionist.verdict = send -> {
            if (send == second) {
                throw new IllegalStateException("cannot say");
            }
            return send == held ? OfferResult.HELD : OfferResult.TAKEN;
        };

        // When
        assertThatThrownBy(this::run).hasMessage("cannot say");

        // Then
        receptionist.verdict = send -> OfferResult.TAKEN;
        lobby.askForRound();
        rig.scheduler.advance(WaitingQueue.FULL_RETRY);
        assertThat(receptionist.taken).containsExactly(first, held, second);
    }

    @Test
    void aRoundThatHasMuchToHandOnLeavesTheThreadToOthersBetween() {
        // Given
        receptionist.verdict = send -> OfferResult.TAKEN;
        List<Send> sends = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            sends.add(parked());
        }

        // When another task comes
        List<Integer> before = new ArrayList<>();
        rig.scheduler.execute(() -> before.add(receptionist.taken.size()));
        run();

        // Then it does not wait for all of them, and all leave in their order, together
        assertThat(before).singleElement().asInstanceOf(INTEGER).isLessThan(100);
        assertThat(receptionist.taken).containsExactlyElementsOf(sends);
        assertThat(receptionist.handedOver).isEqualTo(1);
        assertThat(rig.scheduler.pending()).isZero();
    }

    @Test
    void aRoundThatPassesByWhatIsHeldLeavesTheThreadToOthersBetween() {
        // Given
        receptionist.verdict = send -> send.affinity() == 1 ? OfferResult.HELD : OfferResult.TAKEN;
        parkedWith(1);
        List<Send> sends = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            sends.add(parkedWith(2));
        }

        // When
        List<Integer> before = new ArrayList<>();
        rig.scheduler.execute(() -> before.add(receptionist.taken.size()));
        run();

        // Then
        assertThat(before).singleElement().asInstanceOf(INTEGER).isLessThan(100);
        assertThat(receptionist.taken).containsExactlyElementsOf(sends);
    }

    @Test
    void aSweepThatHasMuchToAnswerLeavesTheThreadToOthersBetween() {
        // Given
        List<Send> sends = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            sends.add(parked());
        }
        List<Long> before = new ArrayList<>();
        rig.scheduler.schedule(
                LaneRig.TIMEOUT,
                () -> before.add(sends.stream().filter(Send::isDone).count()));

        // When
        rig.scheduler.advance(LaneRig.TIMEOUT);

        // Then
        assertThat(before).singleElement().asInstanceOf(LONG).isLessThan(100);
        assertThat(sends).allMatch(Send::isCompletedExceptionally);
        assertThat(rig.scheduler.pending()).isZero();
    }

    @Test
    void looksAtNoneBeforeTheFirst() {
        // Given
        Send first = parked();
        Send second = parked();
        receptionist.verdict = send -> send == first ? OfferResult.DOWN : OfferResult.TAKEN;

        // When
        run();

        // Then
        assertThat(receptionist.looked).containsOnly(first).doesNotContain(second);
        assertThat(lobby.size()).isEqualTo(2);
    }

    @Test
    void countsAMessageAsWaitingUntilItHasBeenHandedOver() {
        // Given
        List<Integer> sizes = new ArrayList<>();
        receptionist.verdict = send -> {
            sizes.add(lobby.size());
            return OfferResult.TAKEN;
        };
        parked();
        parked();

        // When
        run();

        // Then
        assertThat(sizes).containsExactly(2, 1);
        assertThat(lobby.isEmpty()).isTrue();
    }

    @Test
    void turnsAwayThoseThatWaitInVainAndGoesOn() {
        // Given
        Send hopeless = parked();
        Send fine = parked();
        IllegalStateException refusal = new IllegalStateException("down for good");
        receptionist.verdict = send -> send == fine ? OfferResult.TAKEN : OfferResult.DOWN;
        receptionist.refusal = send -> refusal;

        // When
        run();

        // Then
        assertThat(LaneRig.failure(hopeless)).isSameAs(refusal);
        assertThat(hopeless.isReleased()).isTrue();
        assertThat(receptionist.taken).containsExactly(fine);
        assertThat(rig.own.messages()).isEqualTo(1);
    }

    @Test
    void triesAgainSoonWhileTheClientsMemoryIsFull() {
        // Given
        receptionist.verdict = send -> OfferResult.FULL;
        List<Send> sends = List.of(parked(), parked());
        run();

        // When
        receptionist.verdict = send -> OfferResult.TAKEN;
        run();
        assertThat(receptionist.taken).isEmpty();
        rig.scheduler.advance(Duration.ofMillis(5));

        // Then
        assertThat(receptionist.taken).containsExactlyElementsOf(sends);
    }

    @Test
    void triesAgainOnceHoweverManyWait() {
        // Given
        receptionist.verdict = send -> OfferResult.FULL;
        for (int i = 0; i < 100; i++) {
            parked();
            run();
        }

        // When
        int before = receptionist.looked.size();
        rig.scheduler.advance(Duration.ofMillis(50));

        // Then
        assertThat(receptionist.looked.size() - before).isEqualTo(10);
        assertThat(rig.scheduler.pending()).isLessThanOrEqualTo(3);
    }

    @Test
    void answersThoseWhoseTimeRunsOut() {
        // Given
        Send patient = parked(Duration.ofSeconds(30));
        Send hasty = parked(Duration.ofSeconds(5));
        Send last = parked(Duration.ofSeconds(30));

        // When
        rig.scheduler.advance(Duration.ofMillis(4999));
        assertThat(hasty).isNotDone();
        rig.scheduler.advance(Duration.ofMillis(1));

        // Then
        assertThat(LaneRig.failure(hasty)).hasMessage("expired");
        assertThat(hasty.isReleased()).isTrue();
        assertThat(lobby.size()).isEqualTo(2);
        receptionist.verdict = send -> OfferResult.TAKEN;
        lobby.askForRound();
        run();
        assertThat(receptionist.taken).containsExactly(patient, last);
    }

    @Test
    void leavesNoTimerBehindWhenAllIsAnswered() {
        // Given
        parked(Duration.ofSeconds(30));
        parked(Duration.ofSeconds(5));

        // When
        rig.scheduler.advance(Duration.ofMinutes(1));

        // Then
        assertThat(rig.scheduler.pending()).isZero();
        assertThat(lobby.isEmpty()).isTrue();
        assertThat(rig.holdsNothing()).isTrue();
    }

    @Test
    void timersDoNotPileUpWhereTimeoutsDiffer() {
        // When
        for (int i = 0; i < 200; i++) {
            parked(Duration.ofSeconds(30));
            rig.scheduler.advance(Duration.ofSeconds(1));
            parked(Duration.ofSeconds(5));
            rig.scheduler.advance(Duration.ofSeconds(9));
        }

        // Then
        assertThat(rig.scheduler.pending()).isLessThanOrEqualTo(10);
    }

    @Test
    void failsAllThatWaits() {
        // Given
        List<Send> sends = List.of(parked(), parked());

        // When
        lobby.failAll(() -> new IllegalStateException("stopped"));
        run();

        // Then
        assertThat(sends).allSatisfy(send -> assertThat(LaneRig.failure(send)).hasMessage("stopped"));
        assertThat(lobby.isEmpty()).isTrue();
        assertThat(rig.holdsNothing()).isTrue();
        assertThat(receptionist.looked).isEmpty();
    }

    @Test
    void turnsAMessageAwayOnce() {
        // Given
        Send send = rig.admitted();

        // When
        lobby.turnAway(send, new IllegalStateException("first"));
        lobby.turnAway(send, new IllegalStateException("second"));

        // Then
        assertThat(LaneRig.failure(send)).hasMessage("first");
        assertThat(rig.holdsNothing()).isTrue();
    }

    @Test
    void listsWhatWaits() {
        // Given
        Send first = parked();
        Send second = parked();
        List<Send> unanswered = new ArrayList<>();

        // When
        lobby.unanswered(unanswered);

        // Then
        assertThat(unanswered).containsExactly(first, second);
    }

    /** Sends one by one as a group does, while the way is open and closed by turns, and notes what passed in which order. */
    @Test
    void noMessageOvertakesAnEarlierOneOfItsThreadAndNoneIsForgotten() {
        int threads = 4;
        int messages = 2_000;
        ControlThread control = new ControlThread("lobby-test");
        try {
            // Given
            Door door = new Door();
            WaitingQueue real = new WaitingQueue(control, door);
            AtomicBoolean over = new AtomicBoolean();
            FutureTask<Void> turns = Together.start("turns", () -> {
                while (!over.get()) {
                    door.open = !door.open;
                    if (door.open) {
                        real.askForRound();
                    }
                    Thread.yield();
                }
                door.open = true;
                real.askForRound();
            });

            long now = control.nanoTime();

            // When
            Together.run(threads, thread -> {
                for (int i = 0; i < messages; i++) {
                    Send send = new Send(Messages.withSequenceId(i), thread, LaneRig.TIMEOUT, false, rig.ledger);
                    send.acceptAt(now);
                    if (!real.isEmpty() || door.admit(send) != OfferResult.TAKEN) {
                        real.park(send);
                    }
                }
            });
            over.set(true);
            Together.join(turns);

            // Then
            await().atMost(Duration.ofSeconds(30)).until(() -> door.passed.size() == threads * messages);
            long[] last = {-1, -1, -1, -1};
            for (Send send : door.passed) {
                long number = send.message().chosenSequenceId();
                assertThat(number).isEqualTo(last[send.affinity()] + 1);
                last[send.affinity()] = number;
            }
        } finally {
            control.close();
        }
    }

    private static final class Door implements WaitingQueue.Router {
        final Queue<Send> passed = new ConcurrentLinkedQueue<>();
        volatile boolean open;

        @Override
        public OfferResult admit(Send send) {
            if (!open) {
                return OfferResult.DOWN;
            }
            passed.add(send);
            return OfferResult.TAKEN;
        }

        @Override
        public @Nullable Throwable refusal(Send send) {
            return null;
        }

        @Override
        public void handedOver() {}

        @Override
        public Throwable expired(Send send) {
            return new IllegalStateException("expired");
        }

        @Override
        public void failed(Send send, Throwable cause) {
            throw new AssertionError(cause);
        }
    }
}
