package dev.vela.chaos;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reports a run for people. */
final class TextReport {

    private static final int MOST_CAUSES = 12;
    private static final int MOST_VITALS = 13;
    private static final String VITALS = "%-14s %10s %10s %10s %8s %6s";
    private static final String FAULT = "%-20s %8s %8s %11s %9s   %-24s %s";

    private TextReport() {}

    /** Prints the plan. */
    static void print(Plan plan, PrintWriter out) {
        line(
                out,
                "seed %d, %.1f min, %s: %s",
                plan.seed(),
                plan.length().toMillis() / 60e3,
                plan.standalone() ? "standalone" : "cluster",
                plan.setup());
        plan.schedule().entries().forEach(entry -> line(out, "%s", entry));
        out.flush();
    }

    /** Prints the findings. */
    static void print(Plan plan, Findings findings, PrintWriter out) {
        out.println();
        line(out, FAULT, "fault", "at", "for", "no receipt", "slowest", "first stored after it", "full speed after it");
        for (int i = 0; i < findings.injectedFaults().size(); i++) {
            print(
                    findings.injectedFaults().get(i),
                    findings.effects().get(i),
                    findings.recoveries().get(i),
                    out);
        }
        out.println();
        printVitals(findings.vitals(), out);
        if (!findings.causes().isEmpty()) {
            line(out, "why messages were not stored, or may not be:");
            findings.causes().entrySet().stream()
                    .limit(MOST_CAUSES)
                    .forEach(cause -> line(out, "  %,9d  %s", cause.getValue(), cause.getKey()));
            out.println();
        }
        print(findings.verdict(), out);
        line(out, "to see it again: vela chaos %s", arguments(plan));
        out.flush();
    }

    private static void print(InjectedFault injected, Effect effect, Recovery recovery, PrintWriter out) {
        Schedule.Entry entry = injected.entry();
        boolean done = injected.problem() == null;
        line(
                out,
                FAULT,
                entry.kind().label(),
                seconds(entry.atMillis()),
                seconds(entry.durationMillis()),
                String.format(Locale.ROOT, "%,d", effect.withoutReceipt()),
                seconds(effect.slowest().toMillis()),
                done ? seconds(recovery.firstStored()) : "not done: " + injected.problem(),
                done ? seconds(recovery.fullSpeed()) : "");
    }

    /** Prints a selection of the samples, including the first and the last. */
    private static void printVitals(List<Vitals> all, PrintWriter out) {
        if (all.isEmpty()) {
            return;
        }
        line(out, VITALS, "application", "heap", "direct", "resident", "threads", "files");
        int rows = Math.min(MOST_VITALS, all.size());
        for (int row = 0; row < rows; row++) {
            Vitals vitals = all.get(rows == 1 ? 0 : row * (all.size() - 1) / (rows - 1));
            line(
                    out,
                    VITALS,
                    "at " + seconds(vitals.atMillis() - all.get(0).atMillis()),
                    megabytes(vitals.heap()),
                    megabytes(vitals.direct()),
                    megabytes(vitals.resident()),
                    vitals.threads(),
                    vitals.files());
        }
        out.println();
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }

    static String seconds(Optional<Duration> time) {
        return time.map(value -> seconds(value.toMillis())).orElse("not seen");
    }

    static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.1f s", millis / 1e3);
    }

    private static void print(Verdict verdict, PrintWriter out) {
        line(
                out,
                "sent %,d = stored %,d + failed %,d + unknown %,d (%,d of them stored)",
                verdict.sent(),
                verdict.stored(),
                verdict.failed(),
                verdict.unknown(),
                verdict.unknownStored());
        line(
                out,
                "lost %,d, dropped by the broker %,d, duplicated %,d%s, out of order %,d, unanswered %,d, leaked %,d, dishonest %,d,"
                        + " abandoned %,d, usurped %,d, torn %,d",
                verdict.lost(),
                verdict.dropped(),
                verdict.duplicated(),
                verdict.deduplicated() ? "" : " (allowed: no deduplication, or chunks)",
                verdict.outOfOrder(),
                verdict.unanswered(),
                verdict.leaked(),
                verdict.dishonest(),
                verdict.abandoned(),
                verdict.usurped(),
                verdict.torn());
        verdict.examples().forEach(example -> line(out, "  %s", example));
        line(out, "verdict: %s", verdict.isClean() ? "clean" : "NOT CLEAN");
    }

    private static String arguments(Plan plan) {
        Setup setup = plan.setup();
        return String.format(
                Locale.ROOT,
                "--seed %d --minutes %s --subject %s --batching %s --deduplication %s --producers %d --in-flight %s"
                        + " --rate %d --with %s%s%s",
                plan.seed(),
                plan.length().toMillis() / 60e3,
                setup.subject().label(),
                setup.batching() ? "on" : "off",
                setup.deduplication() ? "on" : "off",
                setup.producers(),
                Setup.label(setup.inFlight()),
                setup.perSecond(),
                setup.dimensionLabels(),
                plan.standalone() ? " --standalone" : "",
                plan.selection().isEmpty() ? "" : " " + plan.selection());
    }

    private static void line(PrintWriter out, String format, Object... arguments) {
        out.println(String.format(Locale.ROOT, format, arguments).stripTrailing());
    }
}
