package dev.vela.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExceptionNamesTest {
    private final ExceptionNames names = new ExceptionNames();

    @Test
    void areSimpleNames() {
        assertThat(names.of(new IOException("text"))).isEqualTo("IOException");
        assertThat(names.of(new IOException() {})).isEqualTo("IOException");
        assertThat(names.of(null)).isEqualTo("none");
    }

    @Test
    void areBounded() {
        Set<String> all = new HashSet<>();
        for (int i = 0; i < 2 * ExceptionNames.MOST; i++) {
            all.add(names.bounded("E" + i));
        }

        assertThat(all).hasSize(ExceptionNames.MOST + 1).contains(ExceptionNames.OTHER);
        assertThat(names.bounded("E0")).isEqualTo("E0");
        assertThat(names.of(new IOException())).isEqualTo("other");
    }
}
