package dev.vela.internal.handle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.vela.internal.handle.Lifecycle.Phase;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LifecyclePhaseTest {
    private static final Map<Phase, Set<Phase>> MOVES = Map.of(
            Phase.STARTING, Set.of(Phase.RUNNING, Phase.FAILED, Phase.STOPPED),
            Phase.RUNNING, Set.of(Phase.BROKEN, Phase.FAILED, Phase.STOPPED),
            Phase.BROKEN, Set.of(Phase.RUNNING, Phase.FAILED, Phase.STOPPED),
            Phase.FAILED, Set.of(Phase.BROKEN, Phase.STOPPED),
            Phase.STOPPED, Set.of(Phase.STOPPED));

    @ParameterizedTest
    @EnumSource
    void aHandleMakesLegalMovesOnly(Phase from) {
        for (Phase to : Phase.values()) {
            if (MOVES.get(from).contains(to)) {
                assertThat(from.moveTo(to, "orders")).isEqualTo(to);
            } else {
                assertThatIllegalStateException()
                        .isThrownBy(() -> from.moveTo(to, "orders"))
                        .withMessage("orders cannot move from " + from + " to " + to);
            }
        }
    }
}
