package dev.vela.internal.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.vela.BudgetExceededException;
import dev.vela.Outcome;
import dev.vela.internal.pulsar.Messages;
import dev.vela.internal.scheduling.ControlThread;
import dev.vela.internal.scheduling.Scheduler;
import dev.vela.internal.scheduling.Together;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdmissionTest {

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final int SIZE = Messages.ofSize(10).sizeInBytes();

    private final ControlThread clock = new ControlThread("admission-test");
    private final OpenSends ledger = new OpenSends();

    @AfterEach
    void close() {
        clock.close();
    }

    private Budget budget(String name, long messages) {
        return new Budget(name, messages, 1_000_000, new RoomSignal());
    }

    private Send send(Duration timeout) {
        return send(10, timeout);
    }

    private Send send(int size, Duration timeout) {
        Send send = new Send(Messages.ofSize(size), 0, timeout, false, ledger);
        send.acceptAt(clock.nanoTime());
        return send;
    }

    private static void admit(Send send, Budget runtime, Budget own, Scheduler clock, @Nullable String noWait)
            throws BudgetExceededException, InterruptedException {
        Admission admission = new Admission(runtime, own);
        Admission.admit(send, runtime, own.room(), () -> admission.tryAdmit(send), clock, () -> noWait);
    }

    @Test
    void ofASharedBudgetEachLeavesAsMuchAsIsPendingInIt() {
        // Given the budgets of two groups, each as large as the runtime's, which is shared
        Budget runtime = new Budget("runtime", 100, 100L * SIZE, new RoomSignal(), true);
        Admission stuck = new Admission(runtime, budget("stuck", 100));
        Admission other = new Admission(runtime, budget("other", 100));

        // When the one takes all that it can get
        int taken = 0;
        while (stuck.tryEnter(send(LONG))) {
            taken++;
        }

        // Then half of it is left for the other, and nothing is held for what was refused
        assertThat(taken).isEqualTo(50);
        assertThat(runtime.messages()).isEqualTo(50);
        assertThat(other.tryEnter(send(LONG))).isTrue();
        assertThat(stuck.tryReserve(1, SIZE)).isFalse();
        assertThatExceptionOfType(BudgetExceededException.class)
                .isThrownBy(() -> Admission.admit(
                        send(LONG), runtime, stuck.own().room(), () -> false, clock, () -> "nobody waits"))
                .withMessageContaining("its share of runtime");
    }

    @Test
    void chargesTheRuntimeAndTheGroup() throws Exception {
        // Given
        Budget runtime = budget("runtime", 1);
        Budget own = budget("own", 1);
        Send send = send(LONG);

        // When
        admit(send, runtime, own, clock, null);

        // Then
        assertThat(runtime.messages()).isEqualTo(1);
        assertThat(runtime.bytes()).isEqualTo(SIZE);
        assertThat(own.messages()).isEqualTo(1);
        assertThat(own.bytes()).isEqualTo(SIZE);
        assertThat(send.release()).isTrue();
        assertEmpty(runtime, own);
    }

    @Test
    void refusesAtOnceWhereTheCallerMustNotWait() throws Exception {
        // Given
        Budget runtime = budget("runtime", 5);
        Budget own = budget("own", 1);
        Send first = send(LONG);
        admit(first, runtime, own, clock, null);

        // When, Then
        assertThatExceptionOfType(BudgetExceededException.class)
                .isThrownBy(() -> admit(send(LONG), runtime, own, clock, "so it was asked"))
                .withMessage("the producer's budget is full, and so it was asked")
                .satisfies(failure -> assertThat(failure.outcome()).isEqualTo(Outcome.NOT_SENT));
        assertThat(runtime.messages()).isEqualTo(1);
        first.release();
        assertEmpty(runtime, own);
    }

    @Test
    void namesTheRuntimesBudgetWhereThatOneIsFull() throws Exception {
        // Given
        Budget runtime = new Budget("the runtime's budget", 1, 500, new RoomSignal());
        Budget own = budget("own", 5);
        admit(send(LONG), runtime, own, clock, null);

        // When, Then
        assertThatExceptionOfType(BudgetExceededException.class)
                .isThrownBy(() -> admit(send(LONG), runtime, own, clock, "so it was asked"))
                .withMessage("the runtime's budget (1 messages, 500 bytes) is full, and so it was asked");
        assertThat(own.messages()).isEqualTo(1);
    }

    @Test
    void givesUpAtTheMessagesDeadlineAndHoldsNothing() throws Exception {
        // Given
        Budget runtime = budget("runtime", 5);
        Budget own = budget("own", 1);
        Send first = send(LONG);
        admit(first, runtime, own, clock, null);

        // When, Then
        assertThatExceptionOfType(BudgetExceededException.class)
                .isThrownBy(() -> admit(send(Duration.ofMillis(20)), runtime, own, clock, null))
                .withMessageContaining("stayed full for the message's whole timeout");
        assertThat(runtime.messages()).isEqualTo(1);
        assertThat(own.messages()).isEqualTo(1);
        first.release();
        assertEmpty(runtime, own);
    }

    @Test
    void holdsNothingWhenInterruptedWhileItWaitsForTheGroup() throws Exception {
        Budget runtime = budget("runtime", 5);
        Budget own = budget("own", 1);
        assertHoldsNothingWhenInterrupted(runtime, own);
    }

    @Test
    void holdsNothingWhenInterruptedWhileItWaitsForTheRuntime() throws Exception {
        Budget runtime = budget("runtime", 1);
        Budget own = budget("own", 5);
        assertHoldsNothingWhenInterrupted(runtime, own);
    }

    private void assertHoldsNothingWhenInterrupted(Budget runtime, Budget own) throws Exception {
        // Given
        Send first = send(LONG);
        admit(first, runtime, own, clock, null);
        AtomicReference<Thread> waiter = new AtomicReference<>();
        Send second = send(LONG);
        FutureTask<Void> waiting = Together.start("waiter", () -> {
            waiter.set(Thread.currentThread());
            assertThatThrownBy(() -> admit(second, runtime, own, clock, null)).isInstanceOf(InterruptedException.class);
        });
        await().until(() -> isWaiting(waiter.get()));

        // When
        waiter.get().interrupt();

        // Then
        Together.join(waiting);
        assertThat(runtime.messages()).isEqualTo(1);
        assertThat(own.messages()).isEqualTo(1);
        first.release();
        assertEmpty(runtime, own);
    }

    @Test
    void letsAWaiterInWhenThereIsRoom() throws Exception {
        // Given
        Budget runtime = budget("runtime", 5);
        Budget own = budget("own", 1);
        Send first = send(LONG);
        admit(first, runtime, own, clock, null);
        AtomicReference<Thread> waiter = new AtomicReference<>();
        Send second = send(LONG);
        FutureTask<Void> waiting = Together.start("waiter", () -> {
            waiter.set(Thread.currentThread());
            admit(second, runtime, own, clock, null);
        });
        await().until(() -> isWaiting(waiter.get()));

        // When
        first.release();

        // Then
        Together.join(waiting);
        assertThat(own.messages()).isEqualTo(1);
        second.release();
        assertEmpty(runtime, own);
    }

    @Test
    void looksAgainByItselfWhereRoomIsNotAnnounced() throws Exception {
        // Given
        Budget runtime = budget("runtime", 10);
        Budget own = new Budget("own", 5, 100, new RoomSignal());
        own.tryAcquire(1, 40);
        own.tryAcquire(1, 60);
        AtomicReference<Thread> waiter = new AtomicReference<>();
        Send second = send(LONG);
        FutureTask<Void> waiting = Together.start("waiter", () -> {
            waiter.set(Thread.currentThread());
            admit(second, runtime, own, clock, null);
        });
        await().until(() -> isWaiting(waiter.get()));

        // When
        own.release(1, SIZE);
        own.tryAcquire(1, 0);

        // Then
        Together.join(waiting);
        assertThat(own.bytes()).isEqualTo(100);
    }

    private static boolean isWaiting(@Nullable Thread thread) {
        return thread != null && thread.getState() == Thread.State.TIMED_WAITING;
    }

    @Test
    void oneOfManyLeavesAsMuchFreeAsItHolds() {
        // Given a runtime with room for nine, and groups with room for more
        Budget runtime = budget("runtime", 9);
        List<Budget> groups = List.of(budget("first", 100), budget("second", 100), budget("third", 100));

        // When each is filled up, then each gets its share of what the others left
        assertThat(groups).extracting(group -> fill(runtime, group)).containsExactly(5, 2, 1);
        assertThat(runtime.messages()).isEqualTo(8);
    }

    private int fill(Budget runtime, Budget own) {
        Admission admission = new Admission(runtime, own);
        int taken = 0;
        while (runtime.tryAcquire(1, SIZE) && admission.tryAdmitOneOfMany(send(LONG))) {
            taken++;
        }
        runtime.release(1, SIZE);
        return taken;
    }

    @Test
    void roomTakenInAdvanceForTheOnlyGroupMayBeAll() {
        // Given a runtime with room for nine, and a group that is no partition
        Admission admission = new Admission(budget("runtime", 9), budget("own", 100));

        // When, Then
        assertThat(admission.tryReserve(8, 8L * SIZE)).isTrue();
        assertThat(admission.tryReserve(1, SIZE)).isTrue();
        assertThat(admission.tryReserve(1, SIZE)).isFalse();
    }

    @Test
    void roomTakenInAdvanceLeavesAsMuchFreeInAPartition() {
        // Given a runtime with room for nine
        Budget runtime = budget("runtime", 9);
        Admission admission = Admission.ofPartition(runtime, budget("own", 100));

        // When, Then
        assertThat(admission.tryReserve(4, 4L * SIZE)).isTrue();
        assertThat(admission.tryReserve(1, SIZE)).isTrue();
        assertThat(admission.tryReserve(1, SIZE)).isFalse();
        admission.release(1, SIZE);
        assertThat(admission.tryReserve(1, SIZE)).isTrue();
    }

    @Test
    void oneOfManyLeavesAsManyBytesFreeAsItHolds() {
        // Given room for two messages, one of which is pending
        Budget runtime = new Budget("runtime", 100, 2L * SIZE, new RoomSignal());
        Budget own = budget("own", 100);
        Admission admission = new Admission(runtime, own);
        runtime.tryAcquire(1, SIZE);
        assertThat(admission.tryAdmitOneOfMany(send(LONG))).isTrue();
        runtime.tryAcquire(1, SIZE);

        // When, Then
        assertThat(admission.tryAdmitOneOfMany(send(LONG))).isFalse();
        own.release(1, SIZE);
        runtime.release(1, SIZE);
        assertThat(admission.tryAdmitOneOfMany(send(LONG))).isTrue();
    }

    @Test
    void takesOverWhatAnotherAdmissionLetIn() {
        // Given
        Budget runtime = budget("runtime", 5);
        Budget before = budget("before", 5);
        Budget after = budget("after", 1);
        Send send = send(LONG);
        runtime.tryAcquire(1, SIZE);
        new Admission(runtime, before).tryAdmit(send);

        // When
        boolean taken = new Admission(runtime, after).tryTakeOver(send);

        // Then
        assertThat(taken).isTrue();
        assertThat(before.messages()).isZero();
        assertThat(after.messages()).isEqualTo(1);
        assertThat(runtime.messages()).isEqualTo(1);
        send.release();
        assertEmpty(runtime, after);
    }

    @Test
    void leavesAMessageWhereItWasIfThereIsNoRoomToTakeItOver() {
        // Given
        Budget runtime = budget("runtime", 5);
        Budget before = budget("before", 5);
        Budget after = budget("after", 1);
        after.tryAcquire(1, 1);
        Send send = send(LONG);
        runtime.tryAcquire(1, SIZE);
        new Admission(runtime, before).tryAdmit(send);

        // When
        boolean taken = new Admission(runtime, after).tryTakeOver(send);

        // Then
        assertThat(taken).isFalse();
        assertThat(before.messages()).isEqualTo(1);
        send.release();
        assertEmpty(runtime, before);
        assertThat(after.messages()).isEqualTo(1);
    }

    @Test
    void takesOverItsOwnMessageWithoutRoomForAnother() {
        // Given
        Budget runtime = budget("runtime", 5);
        Budget own = budget("own", 1);
        Admission admission = new Admission(runtime, own);
        Send send = send(LONG);
        runtime.tryAcquire(1, SIZE);
        admission.tryAdmit(send);

        // When
        boolean taken = admission.tryTakeOver(send);

        // Then
        assertThat(taken).isTrue();
        assertThat(own.messages()).isEqualTo(1);
        send.release();
        assertEmpty(runtime, own);
    }

    @Test
    void losesNoWakeUpWhenManyThreadsShareLittleRoom() {
        // Given
        Budget runtime = budget("runtime", 3);
        Budget[] owns = {budget("own 0", 1), budget("own 1", 2)};
        AtomicInteger admitted = new AtomicInteger();

        // When
        Together.run(8, thread -> {
            for (int i = 0; i < 3_000; i++) {
                Send send = send(LONG);
                admit(send, runtime, owns[(thread + i) % 2], clock, null);
                admitted.incrementAndGet();
                if (i % 16 == 0) {
                    Thread.yield();
                }
                send.release();
            }
        });

        // Then
        assertThat(admitted).hasValue(8 * 3_000);
        assertEmpty(runtime, owns[0]);
        assertEmpty(runtime, owns[1]);
    }

    @Test
    void losesNoWakeUpWhenSomeMessagesAreLargerThanTheBudget() {
        // Given
        Budget runtime = new Budget("runtime", 100, 3L * SIZE, new RoomSignal());
        Budget own = budget("own", 100);

        // When
        Together.run(4, thread -> {
            for (int i = 0; i < 1_000; i++) {
                int size = thread == 0 ? 1000 : 10;
                Send send = send(size, LONG);
                admit(send, runtime, own, clock, null);
                send.release();
            }
        });

        // Then
        assertEmpty(runtime, own);
    }

    @Test
    void holdsNothingAfterAnyMixOfRoomDeadlinesRefusalsAndInterrupts() {
        // Given
        Budget runtime = budget("runtime", 4);
        Budget own = budget("own", 2);
        AtomicInteger admitted = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();

        // When
        Together.run(8, thread -> {
            Random random = new Random(thread);
            for (int i = 0; i < 500; i++) {
                Send send = send(random.nextBoolean() ? LONG : Duration.ofNanos(random.nextInt(200_000)));
                if (random.nextInt(8) == 0) {
                    Thread.currentThread().interrupt();
                }
                try {
                    admit(send, runtime, own, clock, random.nextInt(4) == 0 ? "no" : null);
                    admitted.incrementAndGet();
                    Thread.yield();
                    send.release();
                } catch (BudgetExceededException | InterruptedException e) {
                    refused.incrementAndGet();
                } finally {
                    Thread.interrupted();
                }
            }
        });

        // Then
        assertThat(admitted.get() + refused.get()).isEqualTo(8 * 500);
        assertThat(admitted.get()).isPositive();
        assertEmpty(runtime, own);
    }

    private static void assertEmpty(Budget runtime, Budget own) {
        assertThat(runtime.messages()).isZero();
        assertThat(runtime.bytes()).isZero();
        assertThat(own.messages()).isZero();
        assertThat(own.bytes()).isZero();
    }
}
