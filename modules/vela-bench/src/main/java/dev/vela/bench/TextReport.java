package dev.vela.bench;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Reports the results as tables. */
final class TextReport {

    private static final String RATIO = "%-22s %8s  %-18s %-9s %-7s %s";
    private static final String IDLE = "%-16s %-18s %10s %10s %10s %10s %10s";
    private static final double KIB = 1024;
    private static final String SUBJECT = "%-16s %-18s %33s %10s %10s %10s %10s";

    private TextReport() {}

    static void print(Machine machine, Plan plan, Results results, PrintWriter out) {
        line(
                out,
                "%d cores, %s, %s, Pulsar client %s, heap %d MB, load average before %.1f",
                machine.cores(),
                machine.system(),
                machine.java(),
                machine.pulsarClient(),
                machine.maxHeapBytes() >> 20,
                machine.loadAverage());
        line(
                out,
                "batches of %d messages or %d KiB, %,d outstanding for each producer, %d rounds of %.1f s after %d to"
                        + " warm up",
                Plan.BATCH_MESSAGES,
                Plan.BATCH_BYTES >> 10,
                plan.outstanding(),
                plan.rounds(),
                plan.seconds(),
                plan.warmupRounds());
        line(out, "median (least to greatest) of the rounds; ratios are made round by round");
        out.println();
        line(out, RATIO, "key", "ratio", "", "asked", "", "of what");
        for (Ratio key : results.measured(plan.keys())) {
            print(key, results.ratio(key), out);
        }
        out.println();
        List<Scenario> sending = scenarios(results, false);
        if (!sending.isEmpty()) {
            line(out, SUBJECT, "scenario", "subject", "messages/s", "CPU ns", "bytes", "p50 us", "p99 us");
            sending.forEach(scenario -> scenario.subjects().forEach(subject -> print(scenario, subject, results, out)));
        }
        List<Scenario> idle = scenarios(results, true);
        if (!idle.isEmpty()) {
            out.println();
            line(
                    out,
                    "idle producers: %d rounds after %d to warm up, CPU over %.1f s",
                    plan.rounds(idle.get(0)),
                    plan.warmupRounds(idle.get(0)),
                    plan.idleLength().toMillis() / 1_000.0);
            line(out, IDLE, "scenario", "subject", "ready ms", "heap KiB", "for each", "threads", "idle CPU %");
            idle.forEach(
                    scenario -> scenario.subjects().forEach(subject -> printIdle(scenario, subject, results, out)));
        }
        out.flush();
    }

    private static List<Scenario> scenarios(Results results, boolean idle) {
        return results.scenarios().stream()
                .filter(scenario -> scenario.load().isIdle() == idle)
                .toList();
    }

    private static void printIdle(Scenario scenario, Subject subject, Results results, PrintWriter out) {
        double heap = results.of(scenario, subject, Figure.HEAP).median() / KIB;
        line(
                out,
                IDLE,
                scenario.label(),
                subject.label(),
                median(scenario, subject, Figure.READY, results),
                String.format(Locale.ROOT, "%,.0f", heap),
                String.format(Locale.ROOT, "%,.1f", heap / scenario.width()),
                scenario.isWide() ? median(scenario, subject, Figure.THREADS, results) : "",
                scenario.isWide()
                        ? String.format(
                                Locale.ROOT,
                                "%.2f",
                                results.of(scenario, subject, Figure.IDLE_CPU).median())
                        : "");
    }

    private static void print(Ratio key, Spread ratio, PrintWriter out) {
        line(
                out,
                RATIO,
                key.label(),
                String.format(Locale.ROOT, "%.3f", ratio.median()),
                String.format(Locale.ROOT, "(%.2f to %.2f)", ratio.least(), ratio.greatest()),
                key.asked(),
                key.asked().isMetBy(ratio.median()) ? "met" : "MISSED",
                key.figure().title() + ", " + key.of().label() + " / "
                        + key.over().label());
    }

    private static void print(Scenario scenario, Subject subject, Results results, PrintWriter out) {
        Spread throughput = results.of(scenario, subject, Figure.THROUGHPUT);
        boolean paced = scenario.load().isPaced();
        line(
                out,
                SUBJECT,
                scenario.label(),
                subject.label(),
                String.format(
                        Locale.ROOT,
                        "%,.0f (%,.0f to %,.0f)",
                        throughput.median(),
                        throughput.least(),
                        throughput.greatest()),
                median(scenario, subject, Figure.CLIENT_CPU, results),
                median(scenario, subject, Figure.ALLOCATED, results),
                paced ? median(scenario, subject, Figure.P50, results) : "",
                paced ? median(scenario, subject, Figure.P99, results) : "");
    }

    private static String median(Scenario scenario, Subject subject, Figure figure, Results results) {
        return String.format(
                Locale.ROOT, "%,.0f", results.of(scenario, subject, figure).median());
    }

    private static void line(PrintWriter out, String format, Object... arguments) {
        out.println(String.format(Locale.ROOT, format, arguments).stripTrailing());
    }
}
