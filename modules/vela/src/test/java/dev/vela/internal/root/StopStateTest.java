package dev.vela.internal.root;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StopStateTest {
    private static final Map<StopState, Set<StopState>> MOVES = Map.of(
            StopState.RUNNING, Set.of(StopState.DRAINING, StopState.CLOSING),
            StopState.DRAINING, Set.of(StopState.CLOSING),
            StopState.CLOSING, Set.of(StopState.ENDING),
            StopState.ENDING, Set.of(StopState.DOWN),
            StopState.DOWN, Set.of());

    @ParameterizedTest
    @EnumSource
    void aStopGoesForwardOnly(StopState from) {
        for (StopState to : StopState.values()) {
            if (MOVES.get(from).contains(to)) {
                assertThat(from.moveTo(to, "orders")).isEqualTo(to);
            } else {
                assertThatIllegalStateException()
                        .isThrownBy(() -> from.moveTo(to, "orders"))
                        .withMessage("the stop of orders cannot move from " + from + " to " + to);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void noSupervisorIsStartedOnceProducersAreBeingClosed(StopState state) {
        assertThat(state.mayStart()).isEqualTo(state.compareTo(StopState.CLOSING) < 0);
    }
}
