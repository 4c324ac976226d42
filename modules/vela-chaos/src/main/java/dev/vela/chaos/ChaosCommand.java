package dev.vela.chaos;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code vela chaos}: injects faults into a cluster, and accounts for every message. */
@Command(
        name = "chaos",
        description = {
            "Starts a real Pulsar on this machine, publishes to it, does terrible things to it, reads every message back"
                    + " through the official client, and says what became of each: lost, duplicated, out of order, never"
                    + " answered.",
            "",
            "Exit status 0 only if nothing that was promised was broken.",
            ""
        },
        sortOptions = false,
        footer = {"", "What is promised, and what the faults are: docs/chaos.md."})
public final class ChaosCommand implements Callable<Integer> {

    private static final double SHORTEST_MINUTES = 0.25;
    private static final double LONGEST_MINUTES = 24 * 60;
    private static final String REPORT = "report.txt";

    private final UnaryOperator<Callable<Integer>> host;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Draws the faults, and the options that are not given; the same number draws the same."
                    + " Default: another one each time.")
    private @Nullable Long seed;

    @Option(
            names = "--seeds",
            paramLabel = "LIST",
            description = "Many runs, one after the other, such as 1-120 or 7,12,30-39. Each prints one line when it is"
                    + " over.")
    private @Nullable String seeds;

    @Option(
            names = "--minutes",
            paramLabel = "M",
            description = "How long to publish in a run, such as 0.5. Default: ${DEFAULT-VALUE}.")
    private double minutes = 3;

    @Mixin
    private SetupOptions setup = new SetupOptions();

    @Option(
            names = "--standalone",
            description =
                    "Runs all of Pulsar in one process, which takes less memory. Default: a cluster of ZooKeeper, a"
                            + " bookie and two brokers.")
    private boolean standalone;

    @Option(
            names = "--faults",
            paramLabel = "FAULT",
            split = ",",
            description = "Does these only, such as tcp-cut,flood.")
    private List<String> faults = List.of();

    @Option(
            names = "--alone",
            description = "Does each fault alone and once, in a run of its own, and prints a table of how soon messages"
                    + " were stored again.")
    private boolean alone;

    @Option(names = "--json", description = "Prints one JSON object for each run, on a line, and no tables.")
    private boolean json;

    @Option(
            names = "--view",
            description = "Serves a page that shows the application's producers live, with the faults on its time line,"
                    + " and prints its address.")
    private boolean view;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description =
                    "Keeps the application's journals and logs there, each run's in a folder seed-N. Default: temporary"
                            + " folders, kept only if the verdict is not clean.")
    private @Nullable Path output;

    /**
     * Creates the command.
     *
     * @param host returns the call that executes the given work, for example so that it ends on a signal
     */
    public ChaosCommand(UnaryOperator<Callable<Integer>> host) {
        this.host = host;
    }

    @Override
    public Integer call() throws Exception {
        if (!(minutes >= SHORTEST_MINUTES && minutes <= LONGEST_MINUTES)) {
            throw refusal("--minutes must be in [" + number(SHORTEST_MINUTES) + ", " + number(LONGEST_MINUTES)
                    + "], was " + number(minutes));
        }
        List<Long> chosen = chosen();
        chosen.forEach(setup::setup); // refuses wrong options before anything starts
        if (view && setup.subject() == Subject.OFFICIAL) {
            throw refusal("--view must not be given beside --subject official, which has no supervised producers");
        }
        Campaign.Terrain terrain =
                new Campaign.Terrain(Duration.ofMillis(Math.round(minutes * 60_000)), wanted(), standalone, folder());
        Callable<Integer> runs = () -> {
            PrintWriter err = spec.commandLine().getErr();
            try (ChaosView page = view ? new ChaosView() : null;
                    Campaign campaign =
                            new Campaign(terrain, setup::setup, page == null ? Audience.none() : page, err)) {
                if (page != null) {
                    err.println("watch it at " + page.address());
                    err.flush();
                }
                if (alone) {
                    return runEachAlone(campaign, chosen);
                }
                return seeds == null ? runOne(campaign, chosen.get(0)) : runAll(campaign, chosen);
            }
        };
        return host.apply(runs).call();
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

    private List<Long> chosen() {
        if (seeds == null) {
            return List.of(seed == null ? System.nanoTime() & 0xFFFFFF : seed);
        }
        if (seed != null) {
            throw refusal("--seed must not be given beside --seeds, was " + seed);
        }
        try {
            return Seeds.parse(seeds);
        } catch (IllegalArgumentException e) {
            throw refusal("--" + e.getMessage());
        }
    }

    private Set<FaultKind> wanted() {
        if (faults.isEmpty()) {
            return EnumSet.allOf(FaultKind.class);
        }
        Set<FaultKind> kinds = EnumSet.noneOf(FaultKind.class);
        for (String label : faults) {
            kinds.add(Stream.of(FaultKind.values())
                    .filter(kind -> kind.label().equals(label))
                    .findAny()
                    .orElseThrow(() -> refusal("--faults must name faults of "
                            + Stream.of(FaultKind.values())
                                    .map(FaultKind::label)
                                    .collect(Collectors.joining(", "))
                            + "; was " + label)));
        }
        return kinds;
    }

    private ParameterException refusal(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** Called before the run, so that an unusable folder does not waste a run. */
    private @Nullable Path folder() {
        try {
            return output == null ? null : Files.createDirectories(output);
        } catch (IOException e) {
            throw refusal("--output must be a folder that can be made, was " + output);
        }
    }

    private int runOne(Campaign campaign, long chosen) throws IOException, InterruptedException {
        Campaign.Result result = campaign.run(chosen);
        if (json) {
            print(JsonReport.of(result.plan(), result.findings()));
        } else {
            TextReport.print(
                    result.plan(), result.findings(), spec.commandLine().getOut());
        }
        return result.isClean() ? 0 : 1;
    }

    private int runAll(Campaign campaign, List<Long> chosen) throws IOException, InterruptedException {
        int clean = 0;
        for (long next : chosen) {
            clean += isClean(next, () -> campaign.run(next), LineReport::of) ? 1 : 0;
        }
        PrintWriter err = spec.commandLine().getErr();
        err.println(chosen.size() + " runs, " + clean + " of them clean");
        err.flush();
        return clean == chosen.size() ? 0 : 1;
    }

    private int runEachAlone(Campaign campaign, List<Long> chosen) throws IOException, InterruptedException {
        if (!json) {
            print(AloneReport.header());
        }
        boolean clean = true;
        for (long next : chosen) {
            for (FaultKind kind : campaign.possible(next)) {
                clean &= isClean(next, () -> campaign.runAlone(next, kind), AloneReport::of);
            }
        }
        return clean ? 0 : 1;
    }

    /** One run, executed when called. */
    @FunctionalInterface
    private interface Run {
        Campaign.Result run() throws IOException, InterruptedException;
    }

    /** Executes a run. A run that fails does not prevent the others. */
    private boolean isClean(long chosen, Run run, Function<Campaign.Result, String> line)
            throws IOException, InterruptedException {
        try {
            Campaign.Result result = run.run();
            print(json ? JsonReport.of(result.plan(), result.findings()) : line.apply(result));
            Path kept = result.kept();
            if (kept != null) {
                try (PrintWriter report = new PrintWriter(Files.newBufferedWriter(kept.resolve(REPORT)))) {
                    TextReport.print(result.plan(), result.findings(), report);
                }
            }
            return result.isClean();
        } catch (IOException | RuntimeException e) {
            print(json ? JsonReport.ofFailure(chosen, e) : "seed " + chosen + " could not be run: " + e);
            return false;
        }
    }

    private void print(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
