package dev.vela.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TopRowTest {
    private final Reporting report = new Reporting("1");

    @Test
    void aRowWithoutACauseShowsThatOfAProducerBelowItInTrouble() {
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
    void aCauseOfItsOwnComesFirst() {
        report.topic("orders", "DOWN")
                .cause("TopicTerminatedException")
                .group("-partition-0", "DOWN", 0, 0, 0, 1)
                .causeBelow("TimeoutException");

        assertThat(topic().cause()).isEqualTo("TopicTerminatedException");
    }

    private TopRow topic() {
        return TopRow.of(List.of(report.parsed())).get(0);
    }
}
