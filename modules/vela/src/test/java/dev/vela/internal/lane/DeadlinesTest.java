package dev.vela.internal.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.internal.pulsar.Messages;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeadlinesTest {

    private final LaneRig rig = new LaneRig();
    private final Deadlines<Send> deadlines = new Deadlines<>();

    private Send after(int seconds) {
        return rig.unadmitted(Messages.ofSize(1), Duration.ofSeconds(seconds), false);
    }

    private long now() {
        return rig.scheduler.nanoTime();
    }

    private void pass(int seconds) {
        rig.scheduler.advance(Duration.ofSeconds(seconds));
    }

    private void answer(Send entry) {
        rig.succeed(entry, Messages.receipt(0));
    }

    @Test
    void asksForASweepForTheFirstAndForAnEarlierDeadline() {
        assertThat(deadlines.add(after(10))).isTrue();
        assertThat(deadlines.add(after(10))).isFalse();
        assertThat(deadlines.add(after(20))).isFalse();
        assertThat(deadlines.add(after(5))).isTrue();
        assertThat(deadlines.add(after(7))).isFalse();
    }

    @Test
    void findsThoseWhoseTimeHasComeAndThatHaveNoAnswer() {
        // Given
        Send late = after(30);
        Send due = after(5);
        Send answered = after(5);
        deadlines.add(late);
        deadlines.add(due);
        deadlines.add(answered);
        answer(answered);

        // When
        pass(5);

        // Then
        assertThat(deadlines.expired(now(), 10)).containsExactly(due);
        assertThat(deadlines.size()).isEqualTo(3);
    }

    @Test
    void armsForTheEarliestThatIsLeft() {
        // Given
        deadlines.add(after(30));
        deadlines.add(after(5));
        deadlines.add(after(12));
        Send answered = after(10);
        deadlines.add(answered);
        answer(answered);
        pass(5);

        // When
        assertThat(deadlines.isDue(now())).isTrue();

        // Then
        assertThat(deadlines.rearm(now())).isEqualTo(Duration.ofSeconds(7));
        assertThat(deadlines.add(after(7))).isFalse();
        assertThat(deadlines.add(after(6))).isTrue();
    }

    @Test
    void armsForNothingWhereNothingIsLeft() {
        // Given
        deadlines.add(after(5));
        pass(5);

        // When
        assertThat(deadlines.isDue(now())).isTrue();

        // Then
        assertThat(deadlines.rearm(now())).isNull();
        assertThat(deadlines.add(after(50))).isTrue();
    }

    @Test
    void aTimerThatAnEarlierOneReplacedIsNotDue() {
        // Given
        deadlines.add(after(10));
        deadlines.add(after(5));
        deadlines.add(after(20));

        // When, Then
        pass(4);
        assertThat(deadlines.isDue(now())).isFalse();
        pass(1);
        assertThat(deadlines.isDue(now())).isTrue();
        assertThat(deadlines.isDue(now())).isFalse();
        assertThat(deadlines.rearm(now())).isEqualTo(Duration.ofSeconds(5));
        pass(5);
        assertThat(deadlines.isDue(now())).isTrue();
        assertThat(deadlines.rearm(now())).isEqualTo(Duration.ofSeconds(10));
        assertThat(deadlines.isDue(now())).isFalse();
    }

    @Test
    void forgetsThoseAtTheHeadForWhichNothingIsLeftToDo() {
        // Given
        Send first = after(5);
        Send second = after(5);
        Send third = after(5);
        deadlines.add(first);
        deadlines.add(second);
        deadlines.add(third);
        first.release();
        third.release();

        // When
        deadlines.prune(entry -> entry.isReleased());

        // Then
        assertThat(deadlines.all()).containsExactly(second, third);
        assertThat(deadlines.peek()).isSameAs(second);
    }

    @Test
    void takesOutThoseWhoseTimeHasCome() {
        // Given
        Send late = after(30);
        Send due = after(5);
        deadlines.add(late);
        deadlines.add(due);
        pass(5);

        // When
        assertThat(deadlines.takeExpired(now(), 10)).containsExactly(due);

        // Then
        assertThat(deadlines.removeAll()).containsExactly(late);
        assertThat(deadlines.size()).isZero();
    }
}
