package dev.vela.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Prints a {@link Report} for people. */
final class TextReport {

    private static final double MICROS_PER_MILLI = 1_000.0;

    private final PrintWriter out;

    private TextReport(PrintWriter out) {
        this.out = out;
    }

    static void print(Report report, PrintWriter out) {
        new TextReport(out).print(report);
    }

    private void print(Report report) {
        Tally.Counts counts = report.counts();
        line("published", number(counts.published()));
        Verdict verdict = report.verdict();
        if (verdict != null) {
            print(verdict);
        }
        line("failed", number(counts.failed()));
        line("unknown", number(counts.unknown()) + arrived(verdict));
        String title = "partitions";
        for (Map.Entry<String, Long> partition : report.partitions().entrySet()) {
            line(title, partition.getKey() + "  " + number(partition.getValue()));
            title = "";
        }
        line("throughput", number(Math.round(counts.messagesPerSecond())) + " messages/s");
        line("latency", "p50 " + millis(report.latencyP50Micros()) + ", p99 " + millis(report.latencyP99Micros()));
        String cause = report.lastCause()
                .map(last -> ", the last cause: " + OneLine.of(last))
                .orElse("");
        line("restarts", number(report.restarts()) + cause);
        out.flush();
    }

    private void print(Verdict verdict) {
        line("verified", number(verdict.verified()));
        line(
                "lost",
                verdict.lost().isPresent() ? number(verdict.lost().getAsLong()) : "unknown: reading back ended early");
        line("duplicated", number(verdict.duplicated()));
        line("out of order", number(verdict.outOfOrder()) + " for a key");
        if (verdict.altered() > 0) {
            line("altered", number(verdict.altered()));
        }
        if (verdict.unexpected() > 0) {
            line("unexpected", number(verdict.unexpected()) + " there although reported as not sent");
        }
    }

    private static String arrived(@Nullable Verdict verdict) {
        return verdict == null || verdict.unknownArrived() == 0
                ? ""
                : ", " + number(verdict.unknownArrived()) + " of them arrived";
    }

    private void line(String title, String value) {
        out.printf(Locale.ROOT, "%-13s %s%n", title, value);
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String millis(long micros) {
        return String.format(Locale.ROOT, "%.1f ms", micros / MICROS_PER_MILLI);
    }
}
