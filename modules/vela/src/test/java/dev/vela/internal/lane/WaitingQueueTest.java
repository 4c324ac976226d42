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
    private final ScriptedRouter router = new ScriptedRouter();
    private final WaitingQueue queue = new WaitingQueue(rig.scheduler, router);

    private final class ScriptedRouter implements QueueRouter {
        Function<Send, OfferResult> verdict = send -> OfferResult.DOWN;
        Function<Send, @Nullable Throwable> refusal = send -> null;
        final List<Send> looked = new ArrayList<>();
        final List<Send> taken = new ArrayList<>();
        int drained;

        @Override
        public OfferResult offer(Send send) {
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
        public void drained() {
            drained++;
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
        queue.add(send, OfferResult.FULL);
        return send;
    }

    private Send parkedWith(int affinity) {
        Send send = rig.admittedWith(affinity);
        queue.add(send, OfferResult.FULL);
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
        assertThat(router.drained).isZero();

        // When
        router.verdict = send -> OfferResult.TAKEN;
        queue.scheduleDrain();
        run();

        // Then
        assertThat(router.taken).hasSize(2);
        assertThat(router.drained).isEqualTo(1);
    }

    @Test
    void tellsThatSomeWereHandedOverBeforeTheClientWasFull() {
        // Given
        Send first = parked();
        parked();
        router.verdict = send -> send == first ? OfferResult.TAKEN : OfferResult.FULL;

        // When
        run();

        // Then
        assertThat(router.drained).isEqualTo(1);
        assertThat(queue.size()).isEqualTo(1);
    }

    @Test
    void handsOnWhatWaitsInItsOrder() {
        // Given
        List<Send> sends = List.of(parked(), parked(), parked());
        assertThat(queue.size()).isEqualTo(3);
        run();
        assertThat(router.taken).isEmpty();

        // When
        router.verdict = send -> OfferResult.TAKEN;
        queue.scheduleDrain();
        run();

        // Then
        assertThat(router.taken).containsExactlyElementsOf(sends);
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void looksAtWhatIsParkedWithoutBeingAsked() {
        // Given
        router.verdict = send -> OfferResult.TAKEN;

        // When
        Send send = parked();
        assertThat(router.taken).isEmpty();
        run();

        // Then
        assertThat(router.taken).containsExactly(send);
    }

    @Test
    void whatIsHeldHoldsUpNoneButThoseOfItsAffinity() {
        // Given
        Send held = parkedWith(1);
        Send other = parkedWith(2);
        Send behindHeld = parkedWith(1);
        router.verdict = send -> send == held ? OfferResult.HELD : OfferResult.TAKEN;

        // When
        run();

        // Then
        assertThat(router.taken).containsExactly(other);
        assertThat(queue.size()).isEqualTo(2);
        router.verdict = send -> OfferResult.TAKEN;
        queue.scheduleDrain();
        rig.scheduler.advance(WaitingQueue.FULL_RETRY);
        assertThat(router.taken).containsExactly(other, held, behindHeld);
    }

    @Test
    void roundsKeepADistanceWhileSomethingIsHeld() {
        // Given
        router.verdict = send -> send.affinity() == 1 ? OfferResult.HELD : OfferResult.TAKEN;
        parkedWith(1);
        run();

        // When
        Send one = parkedWith(2);
        run();
        Send two = parkedWith(3);
        run();
        assertThat(router.taken).isEmpty();
        rig.scheduler.advance(WaitingQueue.FULL_RETRY);

        // Then
        assertThat(router.taken).containsExactly(one, two);
        assertThat(router.drained).isEqualTo(1);
    }

    @Test
    void whatIsHeldIsLookedAtFromTimeToTimeThoughNobodyAsks() {
        // Given
        router.verdict = send -> OfferResult.HELD;
        Send held = parkedWith(1);
        run();

        // When
        router.verdict = send -> OfferResult.TAKEN;
        rig.scheduler.advance(WaitingQueue.HELD_RETRY.plus(WaitingQueue.FULL_RETRY));

        // Then
        assertThat(router.taken).containsExactly(held);
    }

    @Test
    void whatHasASequenceIdOfItsOwnDoesNotPassWhatIsHeld() {
        // Given
        Send held = parkedWith(1);
        Send numbered = rig.admitted(Messages.withSequenceId(7), LaneRig.TIMEOUT, false);
        queue.add(numbered, OfferResult.FULL);
        Send other = parkedWith(2);
        router.verdict = send -> send == held ? OfferResult.HELD : OfferResult.TAKEN;

        // When
        run();

        // Then
        assertThat(router.taken).containsExactly(other);
    }

    @Test
    void whatWasHandedOverIsNotHandedOverAgainThoughTheRoundFailed() {
        // Given
        Send held = parkedWith(1);
        Send first = parkedWith(2);
        Send second = parkedWith(3);
        router.verdict = send -> {
            if (send == second) {
                throw new IllegalStateException("cannot say");
            }
            return send == held ? OfferResult.HELD : OfferResult.TAKEN;
        };

        // When
        assertThatThrownBy(this::run).hasMessage("cannot say");

        // Then
        router.verdict = send -> OfferResult.TAKEN;
        queue.scheduleDrain();
        rig.scheduler.advance(WaitingQueue.FULL_RETRY);
        assertThat(router.taken).containsExactly(first, held, second);
    }

    @Test
    void aRoundThatHasMuchToHandOnLeavesTheThreadToOthersBetween() {
        // Given
        router.verdict = send -> OfferResult.TAKEN;
        List<Send> sends = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            sends.add(parked());
        }

        // When another task comes
        List<Integer> before = new ArrayList<>();
        rig.scheduler.execute(() -> before.add(router.taken.size()));
        run();

        // Then it does not wait for all of them, and all leave in their order, together
        assertThat(before).singleElement().asInstanceOf(INTEGER).isLessThan(100);
        assertThat(router.taken).containsExactlyElementsOf(sends);
        assertThat(router.drained).isEqualTo(1);
        assertThat(rig.scheduler.pending()).isZero();
    }

    @Test
    void aRoundThatPassesByWhatIsHeldLeavesTheThreadToOthersBetween() {
        // Given
        router.verdict = send -> send.affinity() == 1 ? OfferResult.HELD : OfferResult.TAKEN;
        parkedWith(1);
        List<Send> sends = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            sends.add(parkedWith(2));
        }

        // When
        List<Integer> before = new ArrayList<>();
        rig.scheduler.execute(() -> before.add(router.taken.size()));
        run();

        // Then
        assertThat(before).singleElement().asInstanceOf(INTEGER).isLessThan(100);
        assertThat(router.taken).containsExactlyElementsOf(sends);
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
        router.verdict = send -> send == first ? OfferResult.DOWN : OfferResult.TAKEN;

        // When
        run();

        // Then
        assertThat(router.looked).containsOnly(first).doesNotContain(second);
        assertThat(queue.size()).isEqualTo(2);
    }

    @Test
    void countsAMessageAsWaitingUntilItHasBeenHandedOver() {
        // Given
        List<Integer> sizes = new ArrayList<>();
        router.verdict = send -> {
            sizes.add(queue.size());
            return OfferResult.TAKEN;
        };
        parked();
        parked();

        // When
        run();

        // Then
        assertThat(sizes).containsExactly(2, 1);
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void turnsAwayThoseThatWaitInVainAndGoesOn() {
        // Given
        Send hopeless = parked();
        Send fine = parked();
        IllegalStateException refusal = new IllegalStateException("down for good");
        router.verdict = send -> send == fine ? OfferResult.TAKEN : OfferResult.DOWN;
        router.refusal = send -> refusal;

        // When
        run();

        // Then
        assertThat(LaneRig.failure(hopeless)).isSameAs(refusal);
        assertThat(hopeless.isReleased()).isTrue();
        assertThat(router.taken).containsExactly(fine);
        assertThat(rig.own.messages()).isEqualTo(1);
    }

    @Test
    void triesAgainSoonWhileTheClientsMemoryIsFull() {
        // Given
        router.verdict = send -> OfferResult.FULL;
        List<Send> sends = List.of(parked(), parked());
        run();

        // When
        router.verdict = send -> OfferResult.TAKEN;
        run();
        assertThat(router.taken).isEmpty();
        rig.scheduler.advance(Duration.ofMillis(5));

        // Then
        assertThat(router.taken).containsExactlyElementsOf(sends);
    }

    @Test
    void triesAgainOnceHoweverManyWait() {
        // Given
        router.verdict = send -> OfferResult.FULL;
        for (int i = 0; i < 100; i++) {
            parked();
            run();
        }

        // When
        int before = router.looked.size();
        rig.scheduler.advance(Duration.ofMillis(50));

        // Then
        assertThat(router.looked.size() - before).isEqualTo(10);
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
        assertThat(queue.size()).isEqualTo(2);
        router.verdict = send -> OfferResult.TAKEN;
        queue.scheduleDrain();
        run();
        assertThat(router.taken).containsExactly(patient, last);
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
        assertThat(queue.isEmpty()).isTrue();
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
        queue.failAll(() -> new IllegalStateException("stopped"));
        run();

        // Then
        assertThat(sends).allSatisfy(send -> assertThat(LaneRig.failure(send)).hasMessage("stopped"));
        assertThat(queue.isEmpty()).isTrue();
        assertThat(rig.holdsNothing()).isTrue();
        assertThat(router.looked).isEmpty();
    }

    @Test
    void turnsAMessageAwayOnce() {
        // Given
        Send send = rig.admitted();

        // When
        queue.fail(send, new IllegalStateException("first"));
        queue.fail(send, new IllegalStateException("second"));

        // Then
        assertThat(LaneRig.failure(send)).hasMessage("first");
        assertThat(rig.holdsNothing()).isTrue();
    }

    /**
     * Sends one by one as a group does, while the way is open and closed by turns, and notes what passed in which
     * order.
     */
    @Test
    void noMessageOvertakesAnEarlierOneOfItsThreadAndNoneIsForgotten() {
        int threads = 4;
        int messages = 2_000;
        ControlThread control = new ControlThread("queue-test");
        try {
            // Given
            Door door = new Door();
            WaitingQueue real = new WaitingQueue(control, door);
            AtomicBoolean over = new AtomicBoolean();
            FutureTask<Void> turns = Together.start("turns", () -> {
                while (!over.get()) {
                    door.open = !door.open;
                    if (door.open) {
                        real.scheduleDrain();
                    }
                    Thread.yield();
                }
                door.open = true;
                real.scheduleDrain();
            });

            long now = control.nanoTime();

            // When
            Together.run(threads, thread -> {
                for (int i = 0; i < messages; i++) {
                    Send send = new Send(Messages.withSequenceId(i), thread, LaneRig.TIMEOUT, false, rig.openSends);
                    send.acceptAt(now);
                    if (!real.isEmpty() || door.offer(send) != OfferResult.TAKEN) {
                        real.add(send, OfferResult.FULL);
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

    private static final class Door implements QueueRouter {
        final Queue<Send> passed = new ConcurrentLinkedQueue<>();
        volatile boolean open;

        @Override
        public OfferResult offer(Send send) {
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
        public void drained() {}

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
