package dev.vela.internal.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vela.internal.scheduling.Together;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OpenSendsTest {

    private final OpenSends sends = new OpenSends();

    private Generation accepted(int messages) {
        return Objects.requireNonNull(sends.accept(messages));
    }

    private static void fail(Generation generation, Throwable cause) {
        generation.failed(cause);
        generation.completed(1);
    }

    @Test
    void aFlushOfNothingIsDoneAtOnce() {
        assertThat(sends.flush()).isCompleted();
        Generation first = accepted(1);
        first.completed(1);
        assertThat(sends.flush()).isCompleted();
        assertThat(accepted(1)).as("no generation is spent on it").isSameAs(first);
    }

    @Test
    void aFlushWaitsForAllThatWasAcceptedBeforeAndForNothingElse() {
        // Given
        Generation before = accepted(2);
        CompletableFuture<Void> flushed = sends.flush();
        Generation after = accepted(1);

        // When, Then
        before.completed(1);
        assertThat(flushed).isNotDone();
        assertThat(sends.open()).isEqualTo(2);
        before.completed(1);
        assertThat(flushed).isCompleted();
        assertThat(after.open()).isEqualTo(1);
    }

    @Test
    void aFlushWaitsForWhatAnEarlierOneWaitsForStill() {
        // Given
        Generation first = accepted(1);
        CompletableFuture<Void> one = sends.flush();
        Generation second = accepted(1);
        CompletableFuture<Void> two = sends.flush();

        // When, Then
        second.completed(1);
        assertThat(two).isNotDone();
        first.completed(1);
        assertThat(one).isCompleted();
        assertThat(two).isCompleted();
    }

    @Test
    void aFlushFailsWithAFailureThatComesWhileItWaits() {
        // Given
        Generation generation = accepted(2);
        CompletableFuture<Void> flushed = sends.flush();

        // When
        fail(generation, new IllegalStateException("lost"));
        assertThat(flushed).as("the rest is waited for").isNotDone();
        generation.completed(1);

        // Then
        assertThat(flushed).failsWithin(Duration.ZERO).withThrowableThat().withMessageContaining("lost");
    }

    @Test
    void aFlushDoesNotFailForWhatFailedBeforeItOrAfterwards() {
        // Given
        Generation generation = accepted(2);
        fail(generation, new IllegalStateException("before"));
        CompletableFuture<Void> flushed = sends.flush();

        // When
        fail(accepted(1), new IllegalStateException("after"));
        generation.completed(1);

        // Then
        assertThat(flushed).isCompleted();
    }

    @Test
    void aFlushFailsWithTheFirstFailureThatComes() {
        Generation generation = accepted(4);
        fail(generation, new IllegalStateException("before"));
        CompletableFuture<Void> flushed = sends.flush();

        fail(generation, new IllegalStateException("first"));
        CompletableFuture<Void> later = sends.flush();
        fail(generation, new IllegalStateException("second"));
        generation.completed(1);

        assertThat(flushed).failsWithin(Duration.ZERO).withThrowableThat().withMessageContaining("first");
        assertThat(later).failsWithin(Duration.ZERO).withThrowableThat().withMessageContaining("second");
    }

    @Test
    void anotherFailureWithTheSameCauseIsOneMore() {
        IllegalStateException cause = new IllegalStateException("again");
        Generation generation = accepted(2);
        fail(generation, cause);
        CompletableFuture<Void> flushed = sends.flush();

        fail(generation, cause);

        assertThat(flushed).isCompletedExceptionally();
    }

    @Test
    void nothingIsAcceptedOnceIntakeHasEndedAndAStopWaitsForTheRest() {
        // Given
        Generation first = accepted(1);
        CompletableFuture<Void> flushed = sends.flush();
        Generation second = accepted(1);

        // When
        sends.endIntake();

        // Then
        assertThat(sends.isTaking()).isFalse();
        assertThat(sends.accept(1)).isNull();
        CompletableFuture<Void> settled = sends.whenSettled();
        fail(first, new IllegalStateException("failed"));
        assertThat(flushed).isCompletedExceptionally();
        assertThat(settled).isNotDone();
        second.completed(1);
        assertThat(settled).isCompleted();
        assertThat(sends.flush()).isCompleted();
        assertThat(sends.open()).isZero();
    }

    /** What a thread has accepted before a flush began is completed when that flush is done, whatever races. */
    @Test
    void noFlushMissesAMessage() {
        int messages = 20_000;
        ConcurrentLinkedQueue<Generation> accepted = new ConcurrentLinkedQueue<>();
        AtomicInteger completed = new AtomicInteger();
        AtomicInteger begun = new AtomicInteger();
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger missed = new AtomicInteger();
        AtomicInteger flushes = new AtomicInteger();

        FutureTask<Void> client = Together.start("client", () -> {
            while (!over.get() || !accepted.isEmpty()) {
                Generation next = accepted.poll();
                if (next == null) {
                    Thread.yield();
                } else {
                    completed.incrementAndGet();
                    next.completed(1);
                }
            }
        });
        Together.run(3, thread -> {
            if (thread == 2) {
                do {
                    int before = begun.get();
                    sends.flush().join();
                    flushes.incrementAndGet();
                    if (completed.get() < before) {
                        missed.incrementAndGet();
                    }
                } while (begun.get() < 2 * messages);
            } else {
                for (int i = 0; i < messages; i++) {
                    accepted.add(accepted(1));
                    begun.incrementAndGet();
                    if (i % 64 == 0) {
                        Thread.yield();
                    }
                }
            }
        });
        over.set(true);
        Together.join(client);

        assertThat(missed).hasValue(0);
        assertThat(flushes).hasPositiveValue();
        await().atMost(Duration.ofMinutes(1)).until(() -> sends.open() == 0);
    }
}
