package dev.vela.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class MarksTest {

    private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");

    private final Marks marks = new Marks(Clock.fixed(NOON, ZoneOffset.UTC));

    @Test
    void aSpanLastsUntilItIsEnded() {
        Marks.Mark mark = marks.begin("broker-kill");
        assertThat(marks.spans()).containsExactly(new Marks.Span(1, "broker-kill", NOON, null));
        long version = marks.version();
        mark.end();
        mark.end();
        assertThat(marks.spans()).containsExactly(new Marks.Span(1, "broker-kill", NOON, NOON));
        assertThat(marks.version()).isEqualTo(version + 1);
    }

    @Test
    void theOldestThatAreOverMakeRoom() {
        marks.begin("lasts");
        for (int i = 0; i < 2 * Marks.MOST; i++) {
            marks.begin("fault " + i).end();
        }
        assertThat(marks.spans()).hasSize(Marks.MOST);
        assertThat(marks.spans().get(0).label()).isEqualTo("lasts");
        for (int i = 0; i < 2 * Marks.MOST; i++) {
            marks.begin("for ever " + i);
        }
        assertThat(marks.spans()).hasSize(Marks.MOST);
    }

    @Test
    void aLongLabelIsCut() {
        marks.begin("x".repeat(500));
        assertThat(marks.spans().get(0).label()).hasSize(Marks.LONGEST_LABEL).endsWith("…");
    }
}
