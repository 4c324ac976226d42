package dev.vela.chaos;

import dev.vela.chaos.Campaign.Result;
import java.util.Locale;
import java.util.stream.Collectors;

/** Reports a run on one line, for a list of many runs. */
final class LineReport {

    private LineReport() {}

    static String of(Result result) {
        Setup setup = result.plan().setup();
        Verdict verdict = result.findings().verdict();
        StringBuilder line = new StringBuilder(String.format(
                Locale.ROOT,
                "seed %d %s: %s, batching %s, deduplication %s, %d producers, %s, with %s, %s: sent %d = stored %d + failed %d"
                        + " + unknown %d; lost %d, dropped %d, duplicated %d, out of order %d, unanswered %d, leaked %d, dishonest %d,"
                        + " abandoned %d, usurped %d, torn %d;"
                        + " %d faults, %d s",
                result.plan().seed(),
                result.isClean() ? "clean" : "NOT CLEAN",
                setup.subject().label(),
                setup.batching() ? "on" : "off",
                setup.deduplication() ? "on" : "off",
                setup.producers(),
                Setup.label(setup.inFlight()),
                setup.dimensionLabels(),
                result.plan().standalone() ? "standalone" : "cluster",
                verdict.sent(),
                verdict.stored(),
                verdict.failed(),
                verdict.unknown(),
                verdict.lost(),
                verdict.dropped(),
                verdict.duplicated(),
                verdict.outOfOrder(),
                verdict.unanswered(),
                verdict.leaked(),
                verdict.dishonest(),
                verdict.abandoned(),
                verdict.usurped(),
                verdict.torn(),
                result.findings().injectedFaults().size(),
                result.took().toSeconds()));
        if (!result.findings().notDone().isEmpty()) {
            line.append("; not done: ")
                    .append(result.findings().notDone().stream()
                            .map(injected -> injected.entry().kind().label())
                            .collect(Collectors.joining(", ")));
        }
        if (result.kept() != null) {
            line.append("; see ").append(result.kept());
        }
        return line.toString();
    }
}
