package dev.vela.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vela.HandleState;
import dev.vela.Outcome;
import dev.vela.ProducerState;
import dev.vela.Snapshot;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReportTest {

    private static final long MILLI = Duration.ofMillis(1).toNanos();

    private final Tally tally = new Tally();
    private final Reconciliation ledger = new Reconciliation();

    @BeforeEach
    void publishTwoOfThree() {
        for (int i = 0; i < 3; i++) {
            tally.accepted(0);
        }
        tally.published(1, 0, 500 * MILLI);
        tally.published(1, 0, 1_000 * MILLI);
        tally.failed(Outcome.UNKNOWN, new Tally.Failure(3, new IOException("gone")), 0);
        ledger.published(0);
        ledger.published(1);
        ledger.unknown(2);
        ledger.arrived(0, null, true);
        ledger.arrived(2, null, true);
    }

    @Test
    void isOneJsonObjectOnOneLine() {
        ledger.complete();
        Report report = Report.of("orders", 2, tally, ledger.verdict(), Optional.of(tree()));

        assertThat(printed(report, JsonReport::print).lines())
                .containsExactly("{\"topic\":\"orders\",\"published\":2,\"verified\":1,\"lost\":1,\"duplicated\":0,"
                        + "\"outOfOrder\":0,\"altered\":0,\"unexpected\":0,\"failed\":0,\"unknown\":1,\"restarts\":6,"
                        + "\"messagesPerSecond\":2.0,\"latencyP50Micros\":500223,\"latencyP99Micros\":1000447,"
                        + "\"partitions\":{\"orders-partition-0\":0,\"orders-partition-1\":2}}");
    }

    @Test
    void leavesToNullWhatOnlyReadingBackCanTell() {
        Report report = Report.of("täg", 0, tally, null, Optional.empty());

        assertThat(printed(report, JsonReport::print))
                .contains("\"topic\":\"t\\u00E4g\"", "\"verified\":null,\"lost\":null,", "\"unexpected\":null,")
                .contains("\"partitions\":{\"t\\u00E4g\":2}");
    }

    @Test
    void callsNothingLostWhenReadingBackEndedEarly() {
        Report report = Report.of("orders", 0, tally, ledger.verdict(), Optional.empty());

        assertThat(printed(report, JsonReport::print)).contains("\"verified\":1,\"lost\":null,\"duplicated\":0");
        assertThat(printed(report, TextReport::print)).contains("lost          unknown: reading back ended early");
    }

    @Test
    void isATableForPeople() {
        ledger.complete();
        Report report = Report.of("orders", 2, tally, ledger.verdict(), Optional.of(tree()));

        assertThat(printed(report, TextReport::print).lines())
                .containsExactly(
                        "published     2",
                        "verified      1",
                        "lost          1",
                        "duplicated    0",
                        "out of order  0 for a key",
                        "failed        0",
                        "unknown       1, 1 of them arrived",
                        "partitions    orders-partition-0  0",
                        "              orders-partition-1  2",
                        "throughput    2 messages/s",
                        "latency       p50 500.2 ms, p99 1000.4 ms",
                        "restarts      6, the last cause: connection lost");
    }

    private static Snapshot.Topic tree() {
        Snapshot.Producer first = producer(2, Optional.empty());
        Snapshot.Producer second = producer(3, Optional.of(new IOException("connection lost")));
        Snapshot.Group group = new Snapshot.Group(
                "orders-partition-0",
                HandleState.STOPPED,
                Optional.empty(),
                1,
                0,
                0,
                0,
                0,
                0,
                0,
                List.of(first, second));
        return new Snapshot.Topic(
                "orders",
                "orders",
                HandleState.STOPPED,
                Instant.EPOCH,
                Optional.empty(),
                0,
                1,
                0,
                0,
                0,
                List.of(group));
    }

    private static Snapshot.Producer producer(int restarts, Optional<Throwable> cause) {
        return new Snapshot.Producer(
                "name",
                "topic",
                0,
                ProducerState.STOPPED,
                Instant.EPOCH,
                cause,
                restarts,
                0,
                Duration.ZERO,
                Optional.empty());
    }

    private static String printed(Report report, BiConsumer<Report, PrintWriter> printer) {
        StringWriter text = new StringWriter();
        printer.accept(report, new PrintWriter(text));
        return text.toString();
    }
}
