package dev.vela.internal.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.ChildSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SupervisorTreeTest {

    private final IllegalStateException boom = new IllegalStateException("boom");
    private static final Duration DELAY = Duration.ofMillis(100);

    private final Rig rig = new Rig(1);
    private final FakeStarter leaf = rig.starter("leaf");
    private final List<Supervisor> topics = new ArrayList<>();
    private final List<Supervisor> groups = new ArrayList<>();

    /** A supervisor of these children as a child, with one restart a period; each of its lives is added to the list. */
    private ChildSpec supervisor(String name, List<Supervisor> lives, ChildSpec... children) {
        return ChildSpec.of(name, () -> {
            Supervisor life = rig.newSupervisor(name, 1);
            lives.add(life);
            return life.start(List.of(children)).thenApply(started -> life);
        });
    }

    private void startTree() {
        rig.started(supervisor("topic", topics, supervisor("group", groups, leaf.spec())));
    }

    /** Ends the leaf, and waits until it is back. */
    private void crashLeaf() {
        leaf.last().crash(boom);
        rig.run();
        rig.advance(DELAY.multipliedBy(3));
    }

    @Test
    void startsFromTheRootDown() {
        startTree();

        assertThat(leaf.alive()).isEqualTo(1);
        assertThat(rig.children()).containsEntry("topic", ChildState.RUNNING);
        assertThat(rig.get(topics.get(0).children())).containsEntry("group", ChildState.RUNNING);
        assertThat(rig.get(groups.get(0).children())).containsEntry("leaf", ChildState.RUNNING);
    }

    @Test
    void curesAtTheLowestLevelThatCan() {
        startTree();

        crashLeaf();

        assertThat(leaf.calls()).isEqualTo(2);
        assertThat(groups).hasSize(1);
        assertThat(topics).hasSize(1);
    }

    @Test
    void escalatesOneLevelAtATime() {
        // Given: one restart is tolerated at each of three levels
        startTree();

        // When the group has had enough, its parent starts a new group
        crashLeaf();
        crashLeaf();
        assertThat(groups).hasSize(2);
        assertThat(groups.get(0).state()).isEqualTo(SupervisorState.FAILED);
        assertThat(topics).hasSize(1);

        // and when that has had enough of new groups, the root starts a new topic
        crashLeaf();
        crashLeaf();
        assertThat(groups).hasSize(3);
        assertThat(topics).hasSize(2);
        assertThat(topics.get(0).state()).isEqualTo(SupervisorState.FAILED);
        assertThat(rig.supervisor.state()).isEqualTo(SupervisorState.RUNNING);

        // Then in the end the root gives up, and the causes tell the whole story
        for (int i = 0; i < 4; i++) {
            crashLeaf();
        }
        assertThat(rig.supervisor.state()).isEqualTo(SupervisorState.FAILED);
        Throwable story = rig.failure(rig.exit());
        assertThat(story).isInstanceOf(IntensityExceededException.class).hasMessageContaining("supervisor root");
        assertThat(story.getCause())
                .isInstanceOf(IntensityExceededException.class)
                .hasMessageContaining("supervisor topic");
        assertThat(story.getCause().getCause())
                .isInstanceOf(IntensityExceededException.class)
                .hasMessageContaining("supervisor group")
                .hasCause(boom);
        assertThat(leaf.alive()).isZero();
        assertThat(leaf.calls()).isEqualTo(8);
        assertThat(rig.scheduler.pending()).isZero();
    }

    @Test
    void stopsFromTheLeavesUp() {
        startTree();

        rig.supervisor.stop(Duration.ofSeconds(10));

        assertThat(rig.happened())
                .containsExactly("stop leaf", "exited leaf: normal", "exited group: normal", "exited topic: normal");
        assertThat(rig.exit()).isCompleted();
        assertThat(rig.scheduler.pending()).isZero();
    }

    @Test
    void abandonsAStuckLeafAndNotThoseAboveIt() {
        leaf.of(FakeChild::ignoringKill);
        startTree();

        rig.supervisor.stop(Duration.ofSeconds(10));
        rig.run();
        rig.advance(Duration.ofSeconds(10));

        assertThat(rig.happened())
                .contains("stop leaf", "kill leaf", "abandoned leaf", "exited group: normal", "exited topic: normal")
                .doesNotContain("abandoned group", "abandoned topic");
        assertThat(rig.exit()).isCompleted();
        assertThat(rig.scheduler.pending()).isZero();
    }

    @Test
    void killsFromTheRootDown() {
        startTree();

        rig.supervisor.kill();

        assertThat(rig.happened())
                .containsExactly("kill leaf", "exited leaf: killed", "exited group: normal", "exited topic: normal");
        assertThat(rig.exit()).isCompleted();
    }

    @Test
    void endsAKillEvenIfALeafIgnoresIt() {
        leaf.of(FakeChild::ignoringKill);
        startTree();

        rig.supervisor.kill();
        rig.run();
        rig.advance(Duration.ofSeconds(1));

        assertThat(rig.exit()).isCompleted();
        assertThat(rig.happened()).contains("abandoned leaf");
        assertThat(rig.scheduler.pending()).isZero();
    }

    @Test
    void killsASubtreeThatStartsTooLate() {
        // Given
        CompletableFuture<FakeChild> slow = leaf.thenWait();
        CompletableFuture<Void> started = rig.supervisor.start(List.of(
                supervisor("group", groups, leaf.spec(), rig.starter("other").spec())));
        rig.run();
        rig.supervisor.stop(Duration.ofSeconds(10));
        assertThat(rig.failure(started)).isInstanceOf(IllegalStateException.class);

        // When
        slow.complete(leaf.newChild());
        rig.run();

        // Then
        assertThat(groups.get(0).state()).isEqualTo(SupervisorState.STOPPED);
        assertThat(leaf.alive()).isZero();
    }

    @Test
    void takesASubtreeThatFailsWhileItStartsForAFailedStart() {
        leaf.thenFail(boom).thenFail(boom);
        FakeStarter slow = rig.starter("slow").then(CompletableFuture::new);

        CompletableFuture<Void> started =
                rig.supervisor.start(List.of(supervisor("group", groups, leaf.spec(), slow.spec())));
        rig.run();
        assertThat(started).isNotDone();
        rig.advance(DELAY);

        assertThat(rig.failure(started)).isNull();
        assertThat(rig.happened())
                .contains(
                        "failed",
                        "restarting group: attempt 0 in 100 ms: supervisor group gave"
                                + " up: 2 restarts within 1 min, at most 1 allowed");
        rig.advance(DELAY);
        assertThat(groups).hasSize(2);
        assertThat(leaf.alive()).isEqualTo(1);
    }
}
