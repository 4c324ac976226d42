package dev.vela.bench;

import dev.vela.local.LocalPulsar;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Sending one message at a time: the official producer, and a group of one. */
@Command(
        name = "unbatched",
        description = "Compares an unbatched official producer with an unbatched Vela group of one producer, in turn,"
                + " on one persistent topic.",
        mixinStandardHelpOptions = true)
final class UnbatchedCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--url", description = "A Pulsar to measure on. Default: one started for the purpose.")
    private @Nullable String url;

    @Option(names = "--rounds", description = "Rounds that count; in each, both are measured once. Default: 7.")
    private int rounds = 7;

    @Option(names = "--warmup-rounds", description = "Rounds before, that do not count. Default: 2.")
    private int warmupRounds = 2;

    @Option(names = "--seconds", description = "How long each measurement of a round lasts, such as 0.5. Default: 3.")
    private double seconds = 3;

    @Option(names = "--rate", description = "Messages for each second in the paced measurement. Default: 1000.")
    private int rate = 1_000;

    @Option(
            names = "--outstanding",
            description = "Messages without a receipt at any time in the throughput measurement. Default: 1000.")
    private int outstanding = 1_000;

    @Option(
            names = "--control",
            description = "Puts a second official producer in Vela's place: shows what ratios are worth here.")
    private boolean control;

    @Option(names = "--json", description = "Prints one JSON object, with the figures of each round, and no table.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        check("--rounds", rounds, 1);
        check("--warmup-rounds", warmupRounds, 0);
        check("--seconds", seconds, 0.1);
        check("--rate", rate, 1);
        check("--outstanding", outstanding, 1);
        Plan plan = new Plan(
                rounds, warmupRounds, Duration.ofMillis(Math.round(seconds * 1_000)), rate, outstanding, control);
        Machine machine = Machine.now();
        Results results =
                url == null ? runLocally(plan) : run(plan, url, topic()).results();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            JsonReport.print(machine, plan, results, out);
        } else {
            TextReport.print(machine, plan, results, out);
        }
        return 0;
    }

    private void check(String option, Number value, Number least) {
        if (value.doubleValue() < least.doubleValue()) {
            throw new ParameterException(spec.commandLine(), option + " must be >= " + least + ", was " + value);
        }
    }

    private Results runLocally(Plan plan) throws Exception {
        try (LocalPulsar pulsar = LocalPulsar.builder()
                .jvmOption("-XX:TieredStopAtLevel=4")
                .jvmOption("-Xmx2g")
                .jvmOption("-XX:MaxDirectMemorySize=1g")
                .progress(this::say)
                .start()) {
            String topic = topic();
            Run run = run(plan, pulsar.serviceUrl(), topic);
            BrokerCount.check(pulsar.admin().stats(topic), run.sent());
            return run.results();
        }
    }

    private record Run(Results results, long sent) {}

    private Run run(Plan plan, String serviceUrl, String topic) throws Exception {
        try (Subjects subjects = Subjects.open(serviceUrl, topic, plan.control())) {
            UnbatchedBenchmark benchmark = new UnbatchedBenchmark(plan, subjects, this::say);
            Results results = benchmark.run();
            return new Run(results, benchmark.sent());
        }
    }

    private static String topic() {
        return "persistent://public/default/vela-bench-" + UUID.randomUUID();
    }

    private void say(String line) {
        spec.commandLine().getErr().println(line);
    }
}
