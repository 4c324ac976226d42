package dev.vela.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vela.internal.scheduling.ManualScheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How the threads that call the client are shared, and what happens when all of them are blocked. */
class WorkersTest {

    @Test
    void aShareHoldsNoMoreThreadsThanItsPart() {
        // Given
        List<Runnable> pool = new ArrayList<>();
        List<Integer> done = new ArrayList<>();
        Share share = new Share(pool::add, 2);

        // When
        for (int i = 0; i < 5; i++) {
            int number = i;
            share.execute(() -> done.add(number));
        }

        // Then the rest follows on the threads that it has
        assertThat(pool).hasSize(2);
        pool.get(0).run();
        assertThat(done).containsExactly(0, 2, 3, 4);
        pool.get(1).run();
        assertThat(done).containsExactly(0, 2, 3, 4, 1);
        share.execute(() -> done.add(5));
        assertThat(pool).hasSize(3);
    }

    @Test
    void aTaskThatThrowsAndAPoolThatRefusesCostNoThread() {
        List<Runnable> pool = new ArrayList<>();
        List<Integer> done = new ArrayList<>();
        boolean[] refusing = {true};
        Share share = new Share(
                task -> {
                    if (refusing[0]) {
                        throw new RejectedExecutionException("full");
                    }
                    pool.add(task);
                },
                1);

        assertThatThrownBy(() -> share.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        refusing[0] = false;
        share.execute(() -> {
            throw new IllegalStateException("on purpose");
        });
        share.execute(() -> done.add(1));
        pool.get(0).run();

        assertThat(done).containsExactly(1);
        assertThat(pool).hasSize(1);
    }

    @Test
    void aPoolWhoseThreadsAreAllBlockedGetsMoreAndRunsWhatComesAfterItsEnd() throws Exception {
        // Given
        Pool pool = new Pool("pool", 1, Thread::new, new ManualScheduler());
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch ran = new CountDownLatch(1);
        pool.execute(() -> awaitIt(blocked));
        pool.execute(ran::countDown);

        // When it is looked at twice
        pool.relieve();
        pool.relieve();

        // Then
        assertThat(ran.await(60, TimeUnit.SECONDS)).isTrue();
        blocked.countDown();
        pool.endWhenIdle();
        CountDownLatch late = new CountDownLatch(1);
        pool.execute(late::countDown);
        assertThat(late.await(60, TimeUnit.SECONDS)).isTrue();
    }

    private static void awaitIt(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
