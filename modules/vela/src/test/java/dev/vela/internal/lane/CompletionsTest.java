package dev.vela.internal.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.vela.internal.pulsar.Messages;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.pulsar.client.api.MessageId;
import org.junit.jupiter.api.Test;

class CompletionsTest {

    private final LaneRig rig = new LaneRig();
    private final Queue<Runnable> work = new ArrayDeque<>();
    private final Completions completions = new Completions(work::add);

    private void runWork() {
        Runnable next = work.poll();
        while (next != null) {
            next.run();
            next = work.poll();
        }
    }

    @Test
    void runsNoCallbackOnTheThreadThatAnswers() {
        // Given
        Send send = rig.admitted();

        // When
        LaneRig.succeed(completions, send, Messages.receipt(1));

        // Then
        assertThat(send).isNotDone();
        runWork();
        assertThat(send).isCompletedWithValue(Messages.receipt(1));
    }

    @Test
    void whatCouldNotBeGivenToAWorkerIsDeliveredWithWhatComesNext() {
        // Given
        AtomicBoolean full = new AtomicBoolean(true);
        Completions fragile = new Completions(task -> {
            if (full.getAndSet(false)) {
                throw new StackOverflowError();
            }
            work.add(task);
        });
        Send first = rig.admitted();
        Send second = rig.admitted();

        // When
        assertThatThrownBy(() -> LaneRig.succeed(fragile, first, Messages.receipt(1)))
                .isInstanceOf(StackOverflowError.class);
        LaneRig.succeed(fragile, second, Messages.receipt(2));
        runWork();

        // Then
        assertThat(first).isCompleted();
        assertThat(second).isCompleted();
    }

    @Test
    void answersInTheOrderInWhichAnswersCame() {
        // Given
        List<Integer> order = new ArrayList<>();
        List<Send> sends = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            int number = i;
            Send send = rig.admitted();
            send.whenComplete((receipt, failure) -> order.add(number));
            sends.add(send);
        }

        // When
        LaneRig.succeed(completions, sends.get(3), Messages.receipt(3));
        completions.fail(sends.get(1), new IllegalStateException("boom"), rig.counters);
        LaneRig.succeed(completions, sends.get(2), Messages.receipt(2));
        assertThat(work).hasSize(1);
        runWork();
        LaneRig.succeed(completions, sends.get(0), Messages.receipt(0));
        runWork();

        // Then
        assertThat(order).containsExactly(3, 1, 2, 0);
    }

    @Test
    void answersWhatComesWhileACallbackRunsAfterIt() {
        // Given
        Send first = rig.admitted();
        Send second = rig.admitted();
        first.thenRun(() -> {
            LaneRig.succeed(completions, second, Messages.receipt(2));
            assertThat(second).isNotDone();
        });

        // When
        LaneRig.succeed(completions, first, Messages.receipt(1));
        runWork();

        // Then
        assertThat(second).isCompleted();
    }

    @Test
    void answersASendThatIsWaitedForAtOnce() {
        // Given
        Send send = rig.admitted(Messages.ofSize(1), LaneRig.TIMEOUT, true);

        // When
        LaneRig.succeed(completions, send, Messages.receipt(1));

        // Then
        assertThat(send).isCompletedWithValue(Messages.receipt(1));
        assertThat(work).isEmpty();
    }

    @Test
    void goesOnAfterACallbackThatThrows() {
        // Given
        Send first = rig.admitted();
        Send second = rig.admitted();
        CompletableFuture<Void> derived = first.thenRun(() -> {
            throw new IllegalStateException("boom");
        });

        // When
        LaneRig.succeed(completions, first, Messages.receipt(1));
        LaneRig.succeed(completions, second, Messages.receipt(2));
        runWork();

        // Then
        assertThat(derived).isCompletedExceptionally();
        assertThat(second).isCompleted();
    }

    @Test
    void runsATaskAfterAllThatWasAnsweredBefore() {
        // Given
        Send before = rig.admitted();
        Send after = rig.admitted();
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        before.thenRun(() -> order.add("before"));
        after.thenRun(() -> order.add("after"));

        // When
        LaneRig.succeed(completions, before, Messages.receipt(1));
        completions.execute(() -> order.add("task"));
        LaneRig.succeed(completions, after, Messages.receipt(2));
        runWork();

        // Then
        assertThat(order).containsExactly("before", "task", "after");
    }

    @Test
    void aLongQueueLeavesItsThreadToTasksThatWait() {
        // Given more answers than a turn has, and a task that waits for the thread
        List<String> order = new ArrayList<>();
        Completions queue = new Completions(work::add, () -> !work.isEmpty());
        for (int i = 0; i < 2 * Completions.TURN; i++) {
            String number = "answer " + i;
            Send send = rig.admitted();
            send.whenComplete((receipt, failure) -> order.add(number));
            LaneRig.succeed(queue, send, Messages.receipt(1));
        }
        work.add(() -> order.add("other"));

        // When
        runWork();

        // Then that one runs after the first turn, and the order of answers is kept
        assertThat(order).hasSize(2 * Completions.TURN + 1);
        assertThat(order.indexOf("other")).isEqualTo(Completions.TURN);
        order.remove("other");
        assertThat(order)
                .containsExactlyElementsOf(IntStream.range(0, 2 * Completions.TURN)
                        .mapToObj(i -> "answer " + i)
                        .toList());
    }

    @Test
    void aCallbackThatBlocksHoldsUpItsOwnQueueOnly() {
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try {
            // Given
            Completions blocked = new Completions(pool);
            Completions other = new Completions(pool);
            CountDownLatch gate = new CountDownLatch(1);
            Send first = rig.admitted();
            Send second = rig.admitted();
            CompletableFuture<MessageId> gated = first.whenComplete((receipt, failure) -> {
                try {
                    gate.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            Send elsewhere = rig.admitted();

            // When
            LaneRig.succeed(blocked, first, Messages.receipt(1));
            LaneRig.succeed(blocked, second, Messages.receipt(2));
            LaneRig.succeed(other, elsewhere, Messages.receipt(3));

            // Then
            await().atMost(Duration.ofMinutes(1)).until(() -> elsewhere.isDone());
            assertThat(gated).isNotDone();
            assertThat(second).isNotDone();
            gate.countDown();
            await().atMost(Duration.ofMinutes(1)).until(() -> second.isDone());
        } finally {
            pool.shutdownNow();
        }
    }
}
