package dev.vela.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The entry point: one subcommand for each benchmark. */
@Command(
        name = "vela-bench",
        description = "Measures Vela beside the official client.",
        mixinStandardHelpOptions = true,
        subcommands = UnbatchedCommand.class,
        synopsisSubcommandLabel = "unbatched")
public final class Main {

    private Main() {}

    /**
     * Runs a benchmark and exits: 0 whatever it found, 1 if it could not be carried out, 2 for bad usage.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main()).setUsageHelpAutoWidth(true);
    }
}
