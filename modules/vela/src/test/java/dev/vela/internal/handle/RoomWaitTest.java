package dev.vela.internal.handle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.vela.BudgetExceededException;
import dev.vela.Outcome;
import dev.vela.internal.lane.Admission;
import dev.vela.internal.lane.Budget;
import dev.vela.internal.lane.BudgetAccess;
import dev.vela.internal.lane.OfferResult;
import dev.vela.internal.lane.OpenSends;
import dev.vela.internal.lane.RoomSignal;
import dev.vela.internal.lane.Send;
import dev.vela.internal.pulsar.Messages;
import dev.vela.internal.scheduling.ControlThread;
import dev.vela.internal.scheduling.Scheduler;
import dev.vela.internal.scheduling.Together;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The wait for room, which only a caller does, and only here. */
class RoomWaitTest {

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final int SIZE = Messages.ofSize(10).sizeInBytes();

    private final ControlThread clock = new ControlThread("room-wait-test");
    private final OpenSends openSends = new OpenSends();
    private final List<Long> waited = new CopyOnWriteArrayList<>();

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
        Send send = new Send(Messages.ofSize(size), 0, timeout, false, openSends);
        send.acceptAt(clock.nanoTime());
        return send;
    }

    private void admit(Send send, Budget runtime, Budget own, Scheduler clock, @Nullable String noWait)
            throws BudgetExceededException, InterruptedException {
        Admission admission = new Admission(runtime, own);
        new RoomWait(runtime, own.room(), clock, () -> noWait, waited::add)
                .offer(send, offered -> offered.tryAdmit(admission, false) ? OfferResult.TAKEN : OfferResult.NO_ROOM);
    }

    @Test
    void namesTheShareWhereTheRuntimesBudgetIsShared() {
        Budget runtime = new Budget("runtime", 100, 100L * SIZE, new RoomSignal(), true);
        Send send = send(LONG);

        assertThatExceptionOfType(BudgetExceededException.class)
                .isThrownBy(() -> new RoomWait(runtime, new RoomSignal(), clock, () -> "nobody waits", waited::add)
                        .offer(send, offered -> OfferResult.NO_ROOM))
                .withMessageContaining("its share of runtime");
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
        assertThat(waited).as("told of no wait, since there was none").isEmpty();
        BudgetAccess.release(first);
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
        assertThat(waited).singleElement(InstanceOfAssertFactories.LONG).isPositive();
        BudgetAccess.release(first);
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
        await().atMost(Duration.ofMinutes(1)).until(() -> isWaiting(waiter.get()));

        // When
        waiter.get().interrupt();

        // Then
        Together.join(waiting);
        assertThat(runtime.messages()).isEqualTo(1);
        assertThat(own.messages()).isEqualTo(1);
        BudgetAccess.release(first);
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
        await().atMost(Duration.ofMinutes(1)).until(() -> isWaiting(waiter.get()));

        // When
        BudgetAccess.release(first);

        // Then
        Together.join(waiting);
        assertThat(own.messages()).isEqualTo(1);
        assertThat(waited).singleElement(InstanceOfAssertFactories.LONG).isPositive();
        BudgetAccess.release(second);
        assertEmpty(runtime, own);
    }

    @Test
    void looksAgainByItselfWhereRoomIsNotAnnounced() throws Exception {
        // Given
        Budget runtime = budget("runtime", 10);
        Budget own = new Budget("own", 5, 100, new RoomSignal());
        BudgetAccess.tryAcquire(own, 1, 40);
        BudgetAccess.tryAcquire(own, 1, 60);
        AtomicReference<Thread> waiter = new AtomicReference<>();
        Send second = send(LONG);
        FutureTask<Void> waiting = Together.start("waiter", () -> {
            waiter.set(Thread.currentThread());
            admit(second, runtime, own, clock, null);
        });
        await().atMost(Duration.ofMinutes(1)).until(() -> isWaiting(waiter.get()));

        // When
        BudgetAccess.release(own, 1, SIZE);
        BudgetAccess.tryAcquire(own, 1, 0);

        // Then
        Together.join(waiting);
        assertThat(own.bytes()).isEqualTo(100);
    }

    private static boolean isWaiting(@Nullable Thread thread) {
        return thread != null && thread.getState() == Thread.State.TIMED_WAITING;
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
                BudgetAccess.release(send);
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
                BudgetAccess.release(send);
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
                    BudgetAccess.release(send);
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
