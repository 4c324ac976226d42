package dev.vela.internal.handle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.Backoff;
import dev.vela.ChildSpec;
import dev.vela.RestartIntensity;
import dev.vela.internal.scheduling.ManualScheduler;
import dev.vela.internal.supervision.Supervisor;
import dev.vela.internal.supervision.SupervisorListener;
import dev.vela.internal.supervision.SupervisorState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** The group of a new partition as its parent's child, before and after messages are routed to it. */
class JoiningPartitionTest {
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1), 2, 0);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final ManualScheduler scheduler = new ManualScheduler();
    private final List<Group> groups = new ArrayList<>();
    private boolean refused;
    private boolean routed;
    private final JoiningPartition partition = newPartition();

    /** One life of the partition's group. */
    private final class Group implements ChildSpec.Child {
        private final CompletableFuture<Void> exit = new CompletableFuture<>();
        private final List<String> asked = new ArrayList<>();

        void fail() {
            exit.completeExceptionally(new IllegalStateException("too many restarts"));
            scheduler.runPending();
        }

        @Override
        public CompletionStage<Void> exit() {
            return exit;
        }

        @Override
        public void stop(Duration deadline) {
            asked.add("stop " + deadline);
        }

        @Override
        public void kill() {
            asked.add("kill");
        }
    }

    private JoiningPartition newPartition() {
        return new JoiningPartition(
                () -> {
                    if (refused) {
                        return CompletableFuture.failedFuture(new IllegalStateException("was stopped"));
                    }
                    Group group = new Group();
                    groups.add(group);
                    return CompletableFuture.completedFuture(group);
                },
                () -> routed,
                BACKOFF,
                new Random(1),
                scheduler);
    }

    private Group last() {
        return groups.get(groups.size() - 1);
    }

    private CompletableFuture<Void> exit() {
        return partition.exit().toCompletableFuture();
    }

    @Test
    void isStartedAgainWithBackoffAsOftenAsItFails() {
        partition.start();

        for (int millis : new int[] {100, 200, 400, 800, 1000, 1000}) {
            int before = groups.size();
            last().fail();
            scheduler.advance(Duration.ofMillis(millis - 1));
            assertThat(groups).hasSize(before);
            scheduler.advance(Duration.ofMillis(1));
            assertThat(groups).hasSize(before + 1);
        }
        assertThat(exit()).isNotDone();
    }

    @Test
    void endsWithItsGroupOnceItIsRoutedTo() {
        partition.start();
        last().fail();
        scheduler.advance(MINUTE);

        routed = true;
        last().fail();
        scheduler.advance(MINUTE);

        assertThat(exit()).isCompletedExceptionally();
        assertThat(groups).hasSize(2);
    }

    @Test
    void stopsItsGroupAndEndsWithIt() {
        partition.start();

        partition.stop(MINUTE);
        scheduler.runPending();
        assertThat(last().asked).containsExactly("stop PT1M");
        assertThat(exit()).isNotDone();

        last().exit.complete(null);
        scheduler.runPending();
        assertThat(exit()).isCompleted();
    }

    @Test
    void endsThoughItsGroupFailsInTheStop() {
        partition.start();

        partition.stop(MINUTE);
        scheduler.runPending();
        last().fail();
        scheduler.advance(MINUTE);

        assertThat(exit()).isCompletedExceptionally();
        assertThat(groups).hasSize(1);
    }

    @Test
    void killsItsGroupEvenDuringAStop() {
        partition.start();

        partition.stop(MINUTE);
        partition.kill();
        scheduler.runPending();

        assertThat(last().asked).containsExactly("stop PT1M", "kill");
    }

    @Test
    void endsAtOnceWhenStoppedBeforeItsNextStart() {
        partition.start();
        last().fail();

        partition.stop(MINUTE);
        scheduler.runPending();
        assertThat(exit()).isCompleted();

        scheduler.advance(MINUTE);
        assertThat(groups).hasSize(1);
    }

    @Test
    void waitsForItsStopWhenItsGroupWasStoppedForGood() {
        partition.start();
        refused = true;
        last().fail();
        scheduler.advance(MINUTE);
        assertThat(exit()).isNotDone();

        partition.stop(MINUTE);
        scheduler.runPending();
        assertThat(exit()).isCompleted();
    }

    @Test
    void costsItsParentNoRestartUntilItIsRoutedTo() {
        // Given a parent that may restart nothing, with another partition
        Supervisor parent = new Supervisor(
                "parent",
                RestartIntensity.of(0, MINUTE),
                BACKOFF,
                scheduler,
                new Random(1),
                new SupervisorListener() {});
        Group other = new Group();
        parent.start(List.of(
                ChildSpec.of("other", () -> CompletableFuture.completedFuture(other)),
                ChildSpec.of("new", partition::start)));
        scheduler.runPending();

        // When, then
        for (int i = 0; i < 10; i++) {
            last().fail();
            scheduler.advance(MINUTE);
        }
        assertThat(parent.state()).isEqualTo(SupervisorState.RUNNING);
        assertThat(other.asked).isEmpty();

        // When, then
        routed = true;
        last().fail();
        assertThat(parent.state()).isEqualTo(SupervisorState.STOPPING);
        assertThat(other.asked).isNotEmpty();
    }
}
