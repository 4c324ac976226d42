package dev.vela.internal.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.internal.pulsar.Messages;
import dev.vela.internal.scheduling.ControlThread;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdmissionTest {

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final int SIZE = Messages.ofSize(10).sizeInBytes();

    private final ControlThread clock = new ControlThread("admission-test");
    private final OpenSends openSends = new OpenSends();

    @AfterEach
    void close() {
        clock.close();
    }

    private Budget budget(String name, long messages) {
        return new Budget(name, messages, 1_000_000, new RoomSignal());
    }

    private Send send(Duration timeout) {
        return send(10, timeout);
    }

    private Send send(int size, Duration timeout) {
        Send send = new Send(Messages.ofSize(size), 0, timeout, false, openSends);
        send.acceptAt(clock.nanoTime());
        return send;
    }

    @Test
    void ofASharedBudgetEachLeavesAsMuchAsIsPendingInIt() {
        // Given the budgets of two groups, each as large as the runtime's, which is shared
        Budget runtime = new Budget("runtime", 100, 100L * SIZE, new RoomSignal(), true);
        Admission stuck = new Admission(runtime, budget("stuck", 100));
        Admission other = new Admission(runtime, budget("other", 100));

        // When the one takes all that it can get
        int taken = 0;
        while (send(LONG).tryAdmit(stuck, false)) {
            taken++;
        }

        // Then half of it is left for the other, and nothing is held for what was refused
        assertThat(taken).isEqualTo(50);
        assertThat(runtime.messages()).isEqualTo(50);
        assertThat(send(LONG).tryAdmit(other, false)).isTrue();
        assertThat(stuck.tryReserve(1, SIZE)).isFalse();
    }

    @Test
    void chargesTheRuntimeAndTheGroup() {
        // Given
        Budget runtime = budget("runtime", 1);
        Budget own = budget("own", 1);
        Send send = send(LONG);

        // When
        boolean entered = send.tryAdmit(new Admission(runtime, own), false);

        // Then
        assertThat(entered).isTrue();
        assertThat(openSends.open()).isEqualTo(1);
        assertThat(runtime.messages()).isEqualTo(1);
        assertThat(runtime.bytes()).isEqualTo(SIZE);
        assertThat(own.messages()).isEqualTo(1);
        assertThat(own.bytes()).isEqualTo(SIZE);
        assertThat(send.release()).isTrue();
        assertEmpty(runtime, own);
    }

    @Test
    void holdsNothingForAMessageThatItsHandleDoesNotAcceptAnyMore() {
        // Given
        Budget runtime = budget("runtime", 1);
        Budget own = budget("own", 1);
        Send send = send(LONG);
        openSends.endIntake();

        // When, Then
        assertThat(send.tryAdmit(new Admission(runtime, own), false)).isFalse();
        assertThat(send.isAdmitted()).isFalse();
        assertThat(openSends.open()).isZero();
        assertEmpty(runtime, own);
    }

    @Test
    void oneOfManyLeavesAsMuchFreeAsItHolds() {
        // Given a runtime with room for nine, and groups with room for more
        Budget runtime = budget("runtime", 9);
        List<Budget> groups = List.of(budget("first", 100), budget("second", 100), budget("third", 100));

        // When each is filled up, then each gets its share of what the others left
        assertThat(groups).extracting(group -> fill(runtime, group)).containsExactly(5, 2, 1);
        assertThat(runtime.messages()).isEqualTo(8);
    }

    private int fill(Budget runtime, Budget own) {
        Admission admission = new Admission(runtime, own);
        int taken = 0;
        while (send(LONG).tryAdmit(admission, true)) {
            taken++;
        }
        return taken;
    }

    @Test
    void roomTakenInAdvanceForTheOnlyGroupMayBeAll() {
        // Given a runtime with room for nine, and a group that is no partition
        Admission admission = new Admission(budget("runtime", 9), budget("own", 100));

        // When, Then
        assertThat(admission.tryReserve(8, 8L * SIZE)).isTrue();
        assertThat(admission.tryReserve(1, SIZE)).isTrue();
        assertThat(admission.tryReserve(1, SIZE)).isFalse();
    }

    @Test
    void roomTakenInAdvanceLeavesAsMuchFreeInAPartition() {
        // Given a runtime with room for nine
        Budget runtime = budget("runtime", 9);
        Admission admission = Admission.ofPartition(runtime, budget("own", 100));

        // When, Then
        assertThat(admission.tryReserve(4, 4L * SIZE)).isTrue();
        assertThat(admission.tryReserve(1, SIZE)).isTrue();
        assertThat(admission.tryReserve(1, SIZE)).isFalse();
        admission.release(1, SIZE);
        assertThat(admission.tryReserve(1, SIZE)).isTrue();
    }

    @Test
    void oneOfManyLeavesAsManyBytesFreeAsItHolds() {
        // Given room for two messages, one of which is pending
        Budget runtime = new Budget("runtime", 100, 2L * SIZE, new RoomSignal());
        Budget own = budget("own", 100);
        Admission admission = new Admission(runtime, own);
        assertThat(send(LONG).tryAdmit(admission, true)).isTrue();

        // When, Then
        assertThat(send(LONG).tryAdmit(admission, true)).isFalse();
        own.release(1, SIZE);
        runtime.release(1, SIZE);
        assertThat(send(LONG).tryAdmit(admission, true)).isTrue();
    }

    @Test
    void takesOverWhatAnotherAdmissionLetIn() {
        // Given
        Budget runtime = budget("runtime", 5);
        Budget before = budget("before", 5);
        Budget after = budget("after", 1);
        Send send = send(LONG);
        send.tryAdmit(new Admission(runtime, before), false);

        // When
        boolean taken = send.tryAdmit(new Admission(runtime, after), false);

        // Then
        assertThat(taken).isTrue();
        assertThat(before.messages()).isZero();
        assertThat(after.messages()).isEqualTo(1);
        assertThat(runtime.messages()).isEqualTo(1);
        send.release();
        assertEmpty(runtime, after);
    }

    @Test
    void leavesAMessageWhereItWasIfThereIsNoRoomToTakeItOver() {
        // Given
        Budget runtime = budget("runtime", 5);
        Budget before = budget("before", 5);
        Budget after = budget("after", 1);
        after.tryAcquire(1, 1);
        Send send = send(LONG);
        send.tryAdmit(new Admission(runtime, before), false);

        // When
        boolean taken = send.tryAdmit(new Admission(runtime, after), false);

        // Then
        assertThat(taken).isFalse();
        assertThat(before.messages()).isEqualTo(1);
        send.release();
        assertEmpty(runtime, before);
        assertThat(after.messages()).isEqualTo(1);
    }

    @Test
    void takesOverItsOwnMessageWithoutRoomForAnother() {
        // Given
        Budget runtime = budget("runtime", 5);
        Budget own = budget("own", 1);
        Admission admission = new Admission(runtime, own);
        Send send = send(LONG);
        send.tryAdmit(admission, false);

        // When
        boolean taken = send.tryAdmit(admission, false);

        // Then
        assertThat(taken).isTrue();
        assertThat(own.messages()).isEqualTo(1);
        send.release();
        assertEmpty(runtime, own);
    }

    private static void assertEmpty(Budget runtime, Budget own) {
        assertThat(runtime.messages()).isZero();
        assertThat(runtime.bytes()).isZero();
        assertThat(own.messages()).isZero();
        assertThat(own.bytes()).isZero();
    }
}
