package dev.vela.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command line of {@code vela produce}. {@link ProduceRun} does the work. */
@Command(
        name = "produce",
        description = {
            "Publishes each line of a file, or of standard input, as one message, through supervised producers, and"
                    + " reports what became of them.",
            ""
        },
        sortOptions = false,
        footer = {
            "",
            "Ctrl-C sends nothing more, waits for what is on its way, reports, and exits with 130.",
            "Exit status: 0 if everything was published and, with --verify, nothing lost, duplicated or out of order;"
                    + " 1 otherwise; 2 for a command line that cannot be meant.",
            "",
            "Example: vela produce --topic orders --partitions 4 --key-field customer --verify samples/orders.ndjson"
        })
final class ProduceCommand implements Callable<Integer>, Verbosity.Option {

    private final Terminal terminal;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    private final TopicOptions topic = new TopicOptions();

    @Mixin
    private final InputOptions input = new InputOptions();

    @Option(
            names = "--verify",
            description = "Reads everything back through the official consumer and compares. Each message then carries"
                    + " the property " + Mark.PROPERTY + ".")
    private boolean verify;

    @Option(
            names = "--json",
            description = "Reports as one JSON object: published, verified, lost, duplicated, outOfOrder, altered,"
                    + " unexpected, failed, unknown, restarts, messagesPerSecond, latencyP50Micros, latencyP99Micros,"
                    + " partitions (the count of each by its name). Without --verify, verified to unexpected are null.")
    private boolean json;

    @Mixin
    private final ClusterOptions cluster = new ClusterOptions();

    @Option(
            names = {"-v", "--verbose"},
            description = "Shows events and logs.")
    private boolean verbose;

    @Option(names = "--view", description = "Serves a page that shows the producers live, and prints its address.")
    private boolean view;

    ProduceCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public boolean isVerbose() {
        return verbose;
    }

    @Override
    public Integer call() throws Exception {
        topic.validate(spec);
        cluster.validate(spec);
        input.validate(spec);
        if (verbose) {
            Verbosity.showLogs();
        }
        return new ProduceRun(terminal, topic, cluster, input, new ProduceRun.Switches(verify, json, verbose, view))
                .run();
    }
}
