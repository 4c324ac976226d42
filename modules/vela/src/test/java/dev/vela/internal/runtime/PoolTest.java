package dev.vela.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.internal.scheduling.ManualScheduler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A pool on a machine that now and then has no thread to give. */
class PoolTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final ManualScheduler timers = new ManualScheduler();
    private final AtomicInteger refusals = new AtomicInteger();
    private final List<String> ran = new CopyOnWriteArrayList<>();
    private final CountDownLatch all = new CountDownLatch(3);
    private final Pool pool = new Pool("pool", 4, this::newThread, timers);

    private Thread newThread(Runnable work) {
        if (refusals.getAndDecrement() > 0) {
            throw new OutOfMemoryError("unable to create native thread");
        }
        Thread thread = new Thread(work, "pool-thread");
        thread.setDaemon(true);
        return thread;
    }

    @AfterEach
    void close() {
        pool.close();
    }

    private void run(String name) {
        ran.add(name);
        all.countDown();
    }

    @Test
    void taskThatFoundNoThreadRunsOnceThereIsOne() throws Exception {
        refusals.set(5);

        for (String name : List.of("first", "second", "third")) {
            pool.execute(() -> run(name));
        }
        timers.advance(LONG);

        assertThat(all.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(ran).containsExactlyInAnyOrder("first", "second", "third");
    }

    @Test
    void closedPoolRunsWhatFoundNoThreadAtOnceAndWhatComesLaterWhereItComesFrom() {
        refusals.set(1);
        pool.execute(() -> run("found no thread"));

        pool.close();
        pool.execute(() -> {
            run("came later");
            throw new IllegalStateException("a task that fails");
        });
        timers.advance(LONG);

        assertThat(ran).containsExactly("found no thread", "came later");
    }
}
