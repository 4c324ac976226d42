package dev.vela.chaos;

import dev.vela.InFlightPolicy;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code vela chaos}: terrible things happen to a cluster, and every message is accounted for. */
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
    private static final int MOST_PRODUCERS = 16;
    private static final int LEAST_RATE = 10;
    private static final int MOST_RATE = 20_000;
    private static final String SWITCH = "on|off";

    private final Host host;

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
            names = "--minutes",
            paramLabel = "M",
            description = "How long to publish, such as 0.5. Default: ${DEFAULT-VALUE}.")
    private double minutes = 3;

    @Option(
            names = "--subject",
            paramLabel = "WHO",
            description = "Who publishes: vela, or official for the official client. Default: vela.")
    private String subject = Subject.VELA.label();

    @Option(names = "--batching", paramLabel = SWITCH, description = "Default: as the seed draws.")
    private @Nullable String batching;

    @Option(
            names = "--deduplication",
            paramLabel = SWITCH,
            description = "Whether the broker deduplicates. Without it duplicates are counted and allowed. Default: as"
                    + " the seed draws.")
    private @Nullable String deduplication;

    @Option(
            names = "--producers",
            paramLabel = "N",
            description = "How many for each partition. Default: as the seed draws, from 1 to 3.")
    private @Nullable Integer producers;

    @Option(
            names = "--in-flight",
            paramLabel = "report|replay",
            description =
                    "What becomes of messages in flight when their producer dies: they are answered as unknown, or"
                            + " sent again by its successor. Default: as the seed draws.")
    private @Nullable String inFlight;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Messages a second, over all threads. Default: ${DEFAULT-VALUE}.")
    private int rate = 1_000;

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

    @Option(names = "--json", description = "Prints one JSON object, and no tables.")
    private boolean json;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description =
                    "Keeps the application's journals and logs there. Default: a temporary folder, kept only if the"
                            + " verdict is not clean.")
    private @Nullable Path output;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    /** Where the run takes place. */
    @FunctionalInterface
    public interface Host {
        /** Runs it, and returns its status or throws what it throws. */
        int run(Callable<Integer> run) throws Exception;
    }

    /** The command, run by the given host. */
    public ChaosCommand(Host host) {
        this.host = host;
    }

    @Override
    public Integer call() throws Exception {
        long chosen = seed == null ? System.nanoTime() & 0xFFFFFF : seed;
        check("--minutes", minutes, SHORTEST_MINUTES, LONGEST_MINUTES);
        Setup setup = setup(chosen);
        Set<FaultKind> wanted = wanted();
        Path folder = folder();
        return host.run(() -> run(chosen, setup, wanted, folder));
    }

    private Setup setup(long chosen) {
        check("--rate", rate, LEAST_RATE, MOST_RATE);
        Setup setup = Setup.draw(chosen, subject(), rate);
        if (batching != null) {
            setup = setup.withBatching(isOn("--batching", batching));
        }
        if (deduplication != null) {
            setup = setup.withDeduplication(isOn("--deduplication", deduplication));
        }
        if (producers != null) {
            check("--producers", producers, 1, MOST_PRODUCERS);
            setup = setup.withProducers(producers);
        }
        if (inFlight != null) {
            setup = setup.withInFlight(policy(inFlight));
        }
        return setup;
    }

    private Subject subject() {
        for (Subject candidate : Subject.values()) {
            if (candidate.label().equals(subject)) {
                return candidate;
            }
        }
        throw refusal("--subject must be vela or official, was " + subject);
    }

    private boolean isOn(String option, String value) {
        return switch (value) {
            case "on" -> true;
            case "off" -> false;
            default -> throw refusal(option + " must be on or off, was " + value);
        };
    }

    private InFlightPolicy policy(String label) {
        for (InFlightPolicy candidate : InFlightPolicy.values()) {
            if (Setup.label(candidate).equals(label)) {
                return candidate;
            }
        }
        throw refusal("--in-flight must be report or replay, was " + label);
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

    private void check(String option, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw refusal(option + " must be in [" + number(least) + ", " + number(most) + "], was " + number(value));
        }
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

    private ParameterException refusal(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** Before the run: a folder that cannot be had is not to cost one. */
    private Path folder() throws IOException {
        if (output == null) {
            return Files.createTempDirectory("vela-chaos-");
        }
        try {
            return Files.createDirectories(output);
        } catch (IOException e) {
            throw refusal("--output must be a folder that can be made, was " + output);
        }
    }

    private int run(long chosen, Setup setup, Set<FaultKind> wanted, Path folder) throws Exception {
        PrintWriter err = spec.commandLine().getErr();
        say(standalone ? "starting a local Pulsar" : "starting a local Pulsar cluster");
        try (Site site = standalone ? StandaloneSite.start(this::say) : ClusterSite.start(this::say)) {
            Set<FaultKind> possible = EnumSet.copyOf(site.possible());
            possible.retainAll(wanted);
            Duration length = Duration.ofMillis(Math.round(minutes * 60_000));
            Plan plan = new Plan(chosen, length, setup, Schedule.draw(chosen, length, possible), standalone);
            TextReport.print(plan, err);
            Findings findings = new ChaosRun(plan, site, folder, this::say).run();
            report(plan, findings);
            boolean clean = findings.verdict().isClean();
            if (output == null && clean) {
                delete(folder);
            } else {
                say("journals and logs are in " + folder);
            }
            return clean ? 0 : 1;
        }
    }

    private void report(Plan plan, Findings findings) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonReport.of(plan, findings));
            out.flush();
        } else {
            TextReport.print(plan, findings, out);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    private void say(String line) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(line);
        err.flush();
    }
}
