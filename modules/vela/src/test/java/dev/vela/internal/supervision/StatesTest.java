package dev.vela.internal.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StatesTest {

    private static final Map<ChildState, Set<ChildState>> CHILD_MOVES = Map.of(
            ChildState.STARTING, Set.of(ChildState.RUNNING, ChildState.BACKING_OFF, ChildState.GONE),
            ChildState.RUNNING, Set.of(ChildState.BACKING_OFF, ChildState.STOPPING, ChildState.KILLED, ChildState.GONE),
            ChildState.BACKING_OFF, Set.of(ChildState.STARTING, ChildState.GONE),
            ChildState.STOPPING, Set.of(ChildState.KILLED, ChildState.GONE),
            ChildState.KILLED, Set.of(ChildState.GONE),
            ChildState.GONE, Set.of());

    private static final Map<SupervisorState, Set<SupervisorState>> SUPERVISOR_MOVES = Map.of(
            SupervisorState.RUNNING, Set.of(SupervisorState.STOPPING),
            SupervisorState.STOPPING, Set.of(SupervisorState.STOPPED, SupervisorState.FAILED),
            SupervisorState.STOPPED, Set.of(),
            SupervisorState.FAILED, Set.of());

    @ParameterizedTest
    @EnumSource
    void aChildMakesLegalMovesOnly(ChildState from) {
        for (ChildState to : ChildState.values()) {
            if (CHILD_MOVES.get(from).contains(to)) {
                assertThat(from.moveTo(to)).isEqualTo(to);
            } else {
                assertThatIllegalStateException()
                        .isThrownBy(() -> from.moveTo(to))
                        .withMessage("a child cannot move from " + from + " to " + to);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSupervisorMakesLegalMovesOnly(SupervisorState from) {
        for (SupervisorState to : SupervisorState.values()) {
            if (SUPERVISOR_MOVES.get(from).contains(to)) {
                assertThat(from.moveTo(to)).isEqualTo(to);
            } else {
                assertThatIllegalStateException()
                        .isThrownBy(() -> from.moveTo(to))
                        .withMessage("a supervisor cannot move from " + from + " to " + to);
            }
        }
    }
}
