package dev.vela.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class FirstAnswerTest {

    private static final Duration SOON = Duration.ofMillis(1);
    private static final Duration LATE = Duration.ofMinutes(1);

    private final ScriptedSource source = new ScriptedSource();
    private final FirstAnswer first = new FirstAnswer(source);

    @Test
    void givesUpOnAFrozenApplicationAndReturnsItsAnswerToTheNextRead() throws Exception {
        assertThat(first.await(SOON)).isEmpty();

        source.answers.add(events -> List.of("late"));
        source.answers.add(events -> List.of("next"));

        assertThat(first.read(Map.of())).containsExactly("late");
        assertThat(first.read(Map.of("a", 7L))).containsExactly("next");
        assertThat(source.questions).containsExactly(Map.of(), Map.of("a", 7L));
    }

    @Test
    void doesNotReturnAnAnswerTwice() throws Exception {
        source.answers.add(events -> List.of("first"));
        source.answers.add(events -> List.of("an hour later"));

        assertThat(first.await(LATE)).contains(List.of("first"));
        assertThat(first.read(Map.of())).containsExactly("an hour later");
        assertThat(source.questions).hasSize(2);
    }

    @Test
    void throwsWhatTheSourceThrows() throws Exception {
        source.answers.add(events -> {
            throw new IOException("process 1 has ended");
        });

        assertThatThrownBy(() -> first.await(LATE))
                .isInstanceOf(IOException.class)
                .hasMessage("process 1 has ended");
        assertThatThrownBy(() -> first.read(Map.of())).hasMessage("process 1 has ended");
        source.answers.add(events -> List.of("again"));
        assertThat(first.read(Map.of())).containsExactly("again");
    }
}
