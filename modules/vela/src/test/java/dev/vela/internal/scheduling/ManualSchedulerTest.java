package dev.vela.internal.scheduling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ManualSchedulerTest {

    private final ManualScheduler scheduler = new ManualScheduler();
    private final List<String> ran = new ArrayList<>();

    @Test
    void runsNothingByItself() {
        scheduler.execute(() -> ran.add("a"));
        scheduler.schedule(Duration.ofSeconds(1), () -> ran.add("b"));

        assertThat(ran).isEmpty();
        assertThat(scheduler.pending()).isEqualTo(2);
    }

    @Test
    void runsInTimeOrderAndThenInTheOrderGiven() {
        scheduler.schedule(Duration.ofSeconds(2), () -> ran.add("late"));
        scheduler.schedule(Duration.ofSeconds(1), () -> ran.add("first of two"));
        scheduler.schedule(Duration.ofSeconds(1), () -> ran.add("second of two"));
        scheduler.execute(() -> ran.add("now"));

        scheduler.advance(Duration.ofSeconds(2));

        assertThat(ran).containsExactly("now", "first of two", "second of two", "late");
    }

    @Test
    void runsEachTaskAtItsOwnTime() {
        long start = scheduler.nanoTime();
        List<Long> times = new ArrayList<>();
        scheduler.schedule(Duration.ofSeconds(1), () -> {
            times.add(scheduler.nanoTime() - start);
            scheduler.schedule(Duration.ofSeconds(1), () -> times.add(scheduler.nanoTime() - start));
        });

        scheduler.advance(Duration.ofSeconds(5));

        assertThat(times).containsExactly(1_000_000_000L, 2_000_000_000L);
        assertThat(scheduler.nanoTime() - start).isEqualTo(5_000_000_000L);
    }

    @Test
    void runsWhatIsDueWithoutLettingTimePass() {
        long start = scheduler.nanoTime();
        scheduler.execute(() -> scheduler.execute(() -> ran.add("nested")));
        scheduler.schedule(Duration.ofNanos(1), () -> ran.add("later"));

        scheduler.runPending();

        assertThat(ran).containsExactly("nested");
        assertThat(scheduler.nanoTime()).isEqualTo(start);
    }

    @Test
    void forgetsWhatWasCancelled() {
        Scheduler.Cancellable timer = scheduler.schedule(Duration.ofSeconds(1), () -> ran.add("a"));

        timer.cancel();
        timer.cancel();
        scheduler.advance(Duration.ofSeconds(1));

        assertThat(ran).isEmpty();
        assertThat(scheduler.pending()).isZero();
    }

    @Test
    void handsTheTestWhatATaskThrows() {
        scheduler.execute(() -> {
            throw new IllegalStateException("boom");
        });

        assertThatIllegalStateException().isThrownBy(scheduler::runPending).withMessage("boom");
    }

    @Test
    void takesTheLongestDelayAndOverflowsItsClock() {
        scheduler.schedule(Duration.ofSeconds(Long.MAX_VALUE), () -> ran.add("a"));

        scheduler.advance(Duration.ofSeconds(2));

        assertThat(ran).isEmpty();
        assertThat(scheduler.nanoTime()).isNegative();
    }

    @Test
    void refusesToGoBack() {
        assertThatIllegalArgumentException().isThrownBy(() -> scheduler.advance(Duration.ofNanos(-1)));
    }
}
