package dev.vela.bench;

import java.io.PrintWriter;
import java.util.Locale;

/** The results as a table. */
final class TextReport {

    private static final String ROW = "%-36s %-29s %-29s %-22s %s";

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
                "unbatched, %d-byte messages, persistent topic, %d outstanding, paced at %,d/s, %d rounds of %.1f s",
                Plan.MESSAGE_BYTES,
                plan.outstanding(),
                plan.rate(),
                plan.rounds(),
                plan.seconds());
        line(out, "median (least to greatest) of the rounds; ratios are made round by round");
        out.println();
        line(out, ROW, "", "official", plan.second(), "ratio", "asked");
        for (Metric metric : results.metrics()) {
            Spread ratio = results.ratio(metric);
            line(
                    out,
                    ROW,
                    metric.title() + ", " + metric.unit(),
                    figures(results.official(metric)),
                    figures(results.vela(metric)),
                    String.format(Locale.ROOT, "%.3f (%.2f to %.2f)", ratio.median(), ratio.least(), ratio.greatest()),
                    verdict(metric, ratio.median()));
        }
        out.flush();
    }

    private static String figures(Spread spread) {
        String format = spread.median() < 100 ? "%,.1f (%,.1f to %,.1f)" : "%,.0f (%,.0f to %,.0f)";
        return String.format(Locale.ROOT, format, spread.median(), spread.least(), spread.greatest());
    }

    private static String verdict(Metric metric, double ratio) {
        if (metric.asked().isEmpty()) {
            return "";
        }
        return metric.asked() + (metric.isMetBy(ratio) ? ", met" : ", MISSED");
    }

    private static void line(PrintWriter out, String format, Object... arguments) {
        out.println(String.format(Locale.ROOT, format, arguments).stripTrailing());
    }
}
