package dev.vela.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ErrorTypesTest {
    @Test
    void failuresOfTooManyClassesShareOneName() {
        ErrorTypes types = new ErrorTypes(2);

        assertThat(types.of(new IOException("one"))).isEqualTo("java.io.IOException");
        assertThat(types.of(new IllegalStateException())).isEqualTo("java.lang.IllegalStateException");
        assertThat(types.of(new RuntimeException())).isEqualTo("_OTHER");
        assertThat(types.of(new IOException("another"))).isEqualTo("java.io.IOException");
        assertThat(types.of(new Error())).isEqualTo("_OTHER");
    }
}
