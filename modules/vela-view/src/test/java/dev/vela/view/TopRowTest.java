package dev.vela.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TopRowTest {
    private final Reporting report = new Reporting("1");

    @Test
    void aRowShowsTheCauseOfAProducerBelowItInTrouble() {
        report.topic("orders", "DEGRADED")
                .group("-partition-0", "READY", 0, 0, 0, 1)
                .causeBelow("of a producer that is back")
                .group("-partition-1", "RESTARTING", 0, 0, 0, 1)
                .causeBelow("TimeoutException");

        TopRow topic = topic();
        assertThat(topic.cause()).isEqualTo("TimeoutException");
        assertThat(topic.children()).extracting(TopRow::cause).containsExactly("", "TimeoutException");
    }

    @Test
    void theWorstProducerTellsTheCause() {
        report.topic("orders", "DEGRADED")
                .cause("of a restart two hours ago")
                .group("-partition-0", "RECONNECTING", 0, 0, 0, 1)
                .causeBelow("of its last death")
                .group("-partition-1", "FENCED", 0, 0, 0, 1)
                .causeBelow("ProducerFencedException");

        assertThat(topic().cause()).isEqualTo("ProducerFencedException");
    }

    @Test
    void withoutAProducerInTroubleTheCauseIsItsOwnOrThatOfAGroupThatIsNotUp() {
        report.topic("orders", "DEGRADED")
                .group("-partition-0", "STARTING", 0, 0, 0, 1)
                .groupCause("too many restarts");
        report.topic("payments", "STARTING").cause("restarted by hand").group("", "STARTING", 0, 0, 0, 1);

        assertThat(TopRow.of(List.of(report.parsed())))
                .extracting(TopRow::cause)
                .containsExactly("too many restarts", "restarted by hand");
    }

    private TopRow topic() {
        return TopRow.of(List.of(report.parsed())).get(0);
    }
}
