package dev.vela;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.vela.ChildSpec.Restart;
import dev.vela.ChildSpec.Starter;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ChildSpecTest {

    private static final Starter STARTER = CompletableFuture::new;
    private static final ChildSpec SPEC = ChildSpec.of("a", STARTER);

    @Test
    void isPermanentAndHasTenSecondsToStopByDefault() {
        assertThat(SPEC.id()).isEqualTo("a");
        assertThat(SPEC.starter()).isSameAs(STARTER);
        assertThat(SPEC.restart()).isEqualTo(Restart.PERMANENT);
        assertThat(SPEC.shutdown()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void changesOneThingInACopy() {
        ChildSpec changed = SPEC.withId("b").withRestart(Restart.TEMPORARY).withShutdown(Duration.ZERO);

        assertThat(changed).hasToString("ChildSpec[id=b, restart=TEMPORARY, shutdown=PT0S]");
        assertThat(changed.starter()).isSameAs(STARTER);
        assertThat(SPEC).hasToString("ChildSpec[id=a, restart=PERMANENT, shutdown=PT10S]");
    }

    static Object[] nulls() {
        return new Object[] {
            nullCase("id", () -> ChildSpec.of(null, STARTER)),
            nullCase("id", () -> SPEC.withId(null)),
            nullCase("starter", () -> ChildSpec.of("a", null)),
            nullCase("restart", () -> SPEC.withRestart(null)),
            nullCase("shutdown", () -> SPEC.withShutdown(null)),
        };
    }

    private static Arguments nullCase(String name, ThrowingCallable call) {
        return Arguments.of(name, Named.of("call", call));
    }

    @ParameterizedTest
    @MethodSource("nulls")
    void refusesNull(String name, ThrowingCallable call) {
        assertThatNullPointerException().isThrownBy(call).withMessage(name);
    }

    @Test
    void refusesABlankId() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChildSpec.of(" ", STARTER))
                .withMessage("id must not be blank, was \" \"");
    }

    @Test
    void refusesANegativeShutdown() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SPEC.withShutdown(Duration.ofSeconds(-1)))
                .withMessage("shutdown must be in [0, 100 years], was -1 s");
    }
}
