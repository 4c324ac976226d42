package dev.vela.internal.scheduling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ControlThreadTest {

    private final ControlThread control = new ControlThread("control-test");

    @AfterEach
    void close() {
        control.close();
    }

    @Test
    void runsTasksInOrderOnOneNamedDaemonThread() {
        // Given
        List<Integer> ran = new ArrayList<>(); // safe: written by the control thread, read after the last task
        AtomicReference<Thread> thread = new AtomicReference<>();

        // When
        for (int i = 0; i < 1000; i++) {
            int number = i;
            control.execute(() -> ran.add(number));
        }
        run(() -> thread.set(Thread.currentThread()));

        // Then
        assertThat(ran).isEqualTo(IntStream.range(0, 1000).boxed().toList());
        assertThat(thread.get().getName()).isEqualTo("control-test");
        assertThat(thread.get().isDaemon()).isTrue();
    }

    @Test
    void knowsItsOwnThread() {
        AtomicBoolean inside = new AtomicBoolean();

        run(() -> inside.set(control.isCurrent()));

        assertThat(inside).isTrue();
        assertThat(control.isCurrent()).isFalse();
    }

    @Test
    void runsTimersWhenTheyAreDue() {
        CompletableFuture<Long> ranAt = new CompletableFuture<>();
        long start = control.nanoTime();

        control.schedule(Duration.ofMillis(20), () -> ranAt.complete(control.nanoTime()));

        assertThat(ranAt.join() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(20));
    }

    @Test
    void runsATimerOfNegativeDelayAtOnce() {
        CompletableFuture<Void> ran = new CompletableFuture<>();

        control.schedule(Duration.ofSeconds(-1), () -> ran.complete(null));

        ran.join();
    }

    @Test
    void takesTheLongestDelay() {
        Scheduler.Cancellable timer = control.schedule(Duration.ofSeconds(Long.MAX_VALUE), () -> {});

        run(() -> {});

        timer.cancel();
    }

    @Test
    void doesNotRunWhatWasCancelled() {
        AtomicInteger ran = new AtomicInteger();

        run(() -> {
            Scheduler.Cancellable timer = control.schedule(Duration.ZERO, ran::incrementAndGet);
            timer.cancel();
            timer.cancel();
        });
        run(() -> {});

        assertThat(ran).hasValue(0);
    }

    @Test
    void survivesTasksThatThrow() {
        control.execute(() -> {
            throw new IllegalStateException("expected by the test");
        });
        control.schedule(Duration.ZERO, () -> {
            throw new AssertionError("expected by the test");
        });

        run(() -> {});
    }

    @Test
    void runsOneTaskAtATime() throws InterruptedException {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger overlaps = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(400);
        Runnable task = () -> {
            if (inside.incrementAndGet() > 1) {
                overlaps.incrementAndGet();
            }
            inside.decrementAndGet();
            done.countDown();
        };

        List<Thread> callers = IntStream.range(0, 4)
                .mapToObj(caller -> new Thread(() -> {
                    for (int i = 0; i < 100; i++) {
                        control.execute(task);
                    }
                }))
                .toList();
        callers.forEach(Thread::start);
        done.await();

        assertThat(overlaps).hasValue(0);
    }

    @Test
    void dropsQuietlyWhatComesAfterClose() {
        AtomicInteger ran = new AtomicInteger();
        run(() -> {});

        control.close();
        control.close();

        assertThatCode(() -> {
                    control.execute(ran::incrementAndGet);
                    control.schedule(Duration.ZERO, ran::incrementAndGet).cancel();
                    control.schedule(Duration.ofHours(1), ran::incrementAndGet);
                })
                .doesNotThrowAnyException();
        assertThat(ran).hasValue(0);
    }

    @Test
    void runsWhatWasDueBeforeCloseAndForgetsTimers() {
        // Given
        AtomicReference<Thread> thread = new AtomicReference<>();
        AtomicInteger due = new AtomicInteger();
        AtomicInteger later = new AtomicInteger();
        CountDownLatch closed = new CountDownLatch(1);
        control.execute(() -> {
            thread.set(Thread.currentThread());
            awaitQuietly(closed);
        });
        for (int i = 0; i < 100; i++) {
            control.execute(due::incrementAndGet);
        }
        control.schedule(Duration.ofHours(1), later::incrementAndGet);

        // When
        control.close();
        closed.countDown();

        // Then
        await().atMost(Duration.ofSeconds(10))
                .until(() -> thread.get() != null && !thread.get().isAlive());
        assertThat(due).hasValue(100);
        assertThat(later).hasValue(0);
    }

    @Test
    void closesFromItsOwnThread() {
        run(control::close);

        control.execute(() -> {
            throw new AssertionError("dropped");
        });
    }

    private void run(Runnable task) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        control.execute(() -> {
            try {
                task.run();
            } finally {
                done.complete(null);
            }
        });
        done.join();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
