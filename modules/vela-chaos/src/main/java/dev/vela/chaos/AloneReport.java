package dev.vela.chaos;

import dev.vela.chaos.Campaign.Result;
import java.util.Locale;

/** Reports runs of one fault each as a table, one line for each run. */
final class AloneReport {

    private static final String ROW = "%-20s %8s %11s %9s   %-24s %-19s %s";

    private AloneReport() {}

    static String header() {
        return String.format(
                Locale.ROOT,
                ROW,
                "fault",
                "for",
                "no receipt",
                "slowest",
                "first stored after it",
                "full speed after it",
                "verdict");
    }

    static String of(Result result) {
        Findings findings = result.findings();
        InjectedFault injected = findings.injectedFaults().get(0);
        Effect effect = findings.effects().get(0);
        Recovery recovery = findings.recoveries().get(0);
        String problem = injected.problem();
        return String.format(
                Locale.ROOT,
                ROW,
                injected.entry().kind().label(),
                TextReport.seconds(injected.entry().durationMillis()),
                String.format(Locale.ROOT, "%,d", effect.withoutReceipt()),
                TextReport.seconds(effect.slowest().toMillis()),
                problem == null ? TextReport.seconds(recovery.firstStored()) : "not done: " + problem,
                problem == null ? TextReport.seconds(recovery.fullSpeed()) : "",
                result.isClean() ? "clean" : "NOT CLEAN, see " + result.kept());
    }
}
