package dev.vela.internal.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.vela.Batching;
import dev.vela.internal.pulsar.ScriptedPublisher;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is left of messages that are answered, and of lanes that are over: nothing. */
class LeftoversTest {
    private static final Duration DAY = Duration.ofDays(1);

    private final LaneRig rig = new LaneRig();

    @Test
    void oneTimerIsSetHoweverManyDeadlinesPass() {
        // Given a message that has a day
        rig.attach();
        rig.offered(DAY);

        // When many others time out
        for (int i = 0; i < 1000; i++) {
            rig.offered(Duration.ofMillis(10));
            rig.scheduler.advance(Duration.ofMillis(10));
        }

        // Then
        assertThat(rig.scheduler.pending()).isLessThanOrEqualTo(2);
    }

    @Test
    void aLaneWithoutAProducerHasNoTimer() {
        // Given
        rig.attach();
        Send pending = rig.offered(DAY);

        // When
        rig.lane.detach("was stopped", null);
        rig.scheduler.runPending();

        // Then
        assertThat(pending).isCompletedExceptionally();
        assertThat(rig.scheduler.pending()).isZero();

        // And one that gets another has
        rig.attach();
        Send next = rig.offered(Duration.ofSeconds(5));
        rig.scheduler.advance(Duration.ofSeconds(5));
        assertThat(next).isCompletedExceptionally();
    }

    @Test
    void aLaneThatWaitedForCompanyHasNoTimerOnceItsProducerIsGone() {
        // Given
        LaneRig batching = new LaneRig(
                Batching.defaults().withFlush(Batching.Flush.AT_INTERVAL).withFlushInterval(Duration.ofMinutes(1)));
        batching.attach();
        batching.offered(DAY);
        assertThat(batching.scheduler.pending()).isEqualTo(1);

        // When
        batching.lane.detach("was stopped", null);
        batching.scheduler.runPending();

        // Then
        assertThat(batching.givenBack).hasSize(1);
        assertThat(batching.scheduler.pending()).isZero();
    }

    @Test
    void sweepsThatHaveMuchToAnswerLeaveTheThreadToOthersBetween() {
        // Given
        rig.attach();
        List<Send> sends = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            sends.add(rig.offered());
        }
        List<Long> before = new ArrayList<>();
        rig.scheduler.schedule(
                LaneRig.TIMEOUT,
                () -> before.add(sends.stream().filter(Send::isDone).count()));

        // When
        rig.scheduler.advance(LaneRig.TIMEOUT);

        // Then
        assertThat(before).singleElement().matches(answered -> answered < 100);
        assertThat(sends).allMatch(Send::isCompletedExceptionally);
    }

    @Test
    void anIdleLaneDoesNotHoldItsLastMessage() {
        // Given
        ScriptedPublisher publisher = rig.attach();
        WeakReference<Send> last = new WeakReference<>(rig.offered());

        // When
        publisher.acknowledge(0);

        // Then
        awaitCollected(last);
        assertThat(rig.lane.inFlight()).isZero();
    }

    private static void awaitCollected(WeakReference<?> reference) {
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            System.gc();
            return reference.get() == null;
        });
    }
}
