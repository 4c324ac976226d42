package dev.vela.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code vela bench}: measures the costs and gains of Vela against the official client. */
@Command(
        name = "bench",
        description = {
            "Measures Vela beside the official client and a bare socket, in turn, round by round, on a local Pulsar of"
                    + " its own: throughput, CPU, allocation and latency.",
            "",
            "Prints tables, and writes results.json, ratios.svg, throughput.svg and growth.svg. Exit status 0 whatever it"
                    + " found.",
            ""
        },
        sortOptions = false,
        footer = {"", "What the keys mean, and how to read them: docs/benchmarks.md."})
public final class BenchCommand implements Callable<Integer> {

    private static final Plan FULL = new Plan(EnumSet.allOf(Ratio.class), 9, 3, Duration.ofSeconds(3), 100_000);
    private static final Plan QUICK = new Plan(EnumSet.allOf(Ratio.class), 5, 2, Duration.ofMillis(1_300), 100_000);
    private static final double SHORTEST_SECONDS = 0.1;
    private static final double LONGEST_SECONDS = 60;
    private static final int MOST_OUTSTANDING = 10_000_000;

    private final UnaryOperator<Callable<Integer>> host;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--quick", description = "Fewer and shorter rounds: some twelve minutes instead of half an hour.")
    private boolean quick;

    @Option(names = "--json", description = "Prints one JSON object, with the figures of each round, and no tables.")
    private boolean json;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description = "The folder for results and charts; made if need be. Default: ${DEFAULT-VALUE}.")
    private Path output = Path.of("vela-bench-results");

    @Option(
            names = "--only",
            paramLabel = "KEY",
            split = ",",
            description = "Measures these keys only, such as nonPersistent1,latencyIdle.")
    private List<String> only = List.of();

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Rounds that count; in each, every subject is measured once. Default: 9, with --quick 5.")
    private @Nullable Integer rounds;

    @Option(
            names = "--seconds",
            paramLabel = "SECONDS",
            description = "How long a subject is measured in each round, such as 0.5. Default: 3, with --quick 1.3.")
    private @Nullable Double seconds;

    @Option(
            names = "--outstanding",
            paramLabel = "N",
            description = "Messages without a receipt that each batching producer may have. Default: 100000.")
    private @Nullable Integer outstanding;

    @Option(
            names = {"--url", "--service-url"},
            paramLabel = "URL",
            description = "A cluster to measure on, without TLS and authentication, such as pulsar://broker:6650.")
    private @Nullable String serviceUrl;

    @Option(
            names = "--admin-url",
            paramLabel = "URL",
            description = "That cluster's web service, such as http://broker:8080: makes and deletes the topics, and is"
                    + " asked how many messages came.")
    private @Nullable String adminUrl;

    /**
     * Creates the command.
     *
     * @param host returns the call that executes the given work, for example so that it ends on a signal
     */
    public BenchCommand(UnaryOperator<Callable<Integer>> host) {
        this.host = host;
    }

    @Override
    public Integer call() throws Exception {
        Plan plan = plan();
        validateCluster();
        makeOutput();
        return host.apply(() -> measure(plan)).call();
    }

    private Plan plan() {
        Plan usual = quick ? QUICK : FULL;
        return new Plan(
                only.isEmpty() ? usual.keys() : keys(),
                rounds == null
                        ? usual.rounds()
                        : check("--rounds", rounds, 1, 1_000).intValue(),
                usual.warmupRounds(),
                seconds == null
                        ? usual.length()
                        : Duration.ofMillis(Math.round(check("--seconds", seconds, SHORTEST_SECONDS, LONGEST_SECONDS)
                                        .doubleValue()
                                * 1_000)),
                outstanding == null
                        ? usual.outstanding()
                        : check("--outstanding", outstanding, Plan.BATCH_MESSAGES, MOST_OUTSTANDING)
                                .intValue());
    }

    private Set<Ratio> keys() {
        Set<Ratio> keys = EnumSet.noneOf(Ratio.class);
        for (String label : only) {
            keys.add(Ratio.of(label)
                    .orElseThrow(() -> refusal("--only must name keys of "
                            + Arrays.stream(Ratio.values()).map(Ratio::label).collect(Collectors.joining(", "))
                            + "; was "
                            + label)));
        }
        return keys;
    }

    private Number check(String option, Number value, Number least, Number most) {
        double number = value.doubleValue();
        if (!(number >= least.doubleValue() && number <= most.doubleValue())) {
            throw refusal(option + " must be in [" + least + ", " + most + "], was " + value);
        }
        return value;
    }

    private void validateCluster() {
        if ((serviceUrl == null) != (adminUrl == null)) {
            throw refusal("--url and --admin-url must be given together");
        }
        if (serviceUrl != null && !serviceUrl.matches("pulsar://[^\\s/:,]+(:\\d{1,5})?")) {
            throw refusal("--url must be an address such as pulsar://broker:6650, was " + serviceUrl);
        }
        if (adminUrl != null && !adminUrl.matches("https?://[^\\s/]+/?")) {
            throw refusal("--admin-url must be an address such as http://broker:8080, was " + adminUrl);
        }
    }

    /** Called before the run, so that an unusable folder does not waste a run. */
    private void makeOutput() {
        try {
            Files.createDirectories(output);
        } catch (IOException e) {
            throw refusal("--output must be a folder that can be made, was " + output);
        }
        if (!Files.isWritable(output)) {
            throw refusal("--output must be a folder that can be written to, was " + output);
        }
    }

    private ParameterException refusal(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private int measure(Plan plan) throws Exception {
        Machine machine = Machine.now();
        Results results;
        try (Cluster cluster = cluster()) {
            results = new Benchmark(plan, cluster, this::say).run();
        }
        String report = JsonReport.of(machine, plan, results);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(report);
        } else {
            TextReport.print(machine, plan, results, out);
        }
        out.flush();
        write(report, plan, results);
        return 0;
    }

    private Cluster cluster() {
        if (serviceUrl != null && adminUrl != null) {
            return Cluster.at(serviceUrl, adminUrl);
        }
        say("starting a local Pulsar");
        return Cluster.local(this::say);
    }

    private void write(String report, Plan plan, Results results) throws IOException {
        Files.writeString(output.resolve("results.json"), report + '\n');
        try {
            Charts.write(plan, results, output);
        } catch (RuntimeException | InternalError | LinkageError e) {
            // A Java runtime without fonts cannot draw charts; the figures are valuable without them.
            say("no charts were drawn: " + e);
        }
        say("results and charts are in " + output);
    }

    private void say(String line) {
        spec.commandLine().getErr().println(line);
    }
}
