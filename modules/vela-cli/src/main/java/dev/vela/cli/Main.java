package dev.vela.cli;

import dev.vela.bench.BenchCommand;
import dev.vela.chaos.ChaosCommand;
import dev.vela.view.TopCommand;
import dev.vela.view.ViewCommand;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;

/**
 * The entry point. Exit status: 0 for success, {@value #FAILURE} for failure, {@value #USAGE} for an invalid command
 * line, 128 plus the signal number after a signal.
 */
public final class Main {

    static final int FAILURE = ExitCode.SOFTWARE;
    static final int USAGE = ExitCode.USAGE;

    private Main() {}

    /**
     * Runs the command and exits with its status.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        // Not always UTF-8: a terminal expects its own character set.
        Charset charset = Charset.defaultCharset();
        Terminal terminal = new Terminal(
                System.in,
                new PrintWriter(System.out, true, charset),
                new PrintWriter(System.err, true, charset),
                // Java itself cannot detect a terminal; the launcher can.
                Boolean.getBoolean("vela.cli.terminal"),
                Interruption.onSignals());
        System.exit(run(terminal, args));
    }

    /** Runs the command on the given terminal and returns its exit status. */
    static int run(Terminal terminal, String... args) {
        CommandLine commandLine = new CommandLine(new VelaCommand())
                .addSubcommand(new ProduceCommand(terminal))
                .addSubcommand(new LocalCommand(terminal))
                .addSubcommand(new BenchCommand(work -> () -> interruptible(terminal, "cli-bench", work)))
                .addSubcommand(new ChaosCommand(work -> () -> interruptible(terminal, "cli-chaos", work)))
                .addSubcommand(new TopCommand(work -> () -> interruptible(terminal, "cli-top", work)))
                .addSubcommand(new ViewCommand(work -> () -> interruptible(terminal, "cli-view", work)))
                .addSubcommand(new AutoComplete.GenerateCompletion())
                .setOut(terminal.out())
                .setErr(terminal.err())
                .setUsageHelpAutoWidth(true);
        commandLine.setParameterExceptionHandler((failure, arguments) -> refuse(failure));
        commandLine.setExecutionExceptionHandler((failure, command, parsed) -> fail(command, failure));
        int status = commandLine.execute(args);
        terminal.out().flush();
        terminal.err().flush();
        return status;
    }

    private static int interruptible(Terminal terminal, String thread, Callable<Integer> work) throws Exception {
        return terminal.interruption().unlessRequested(Interruption.inBackground(thread, work));
    }

    private static int refuse(ParameterException failure) {
        String name = failure.getCommandLine().getCommandSpec().qualifiedName();
        failure.getCommandLine()
                .getErr()
                .println("vela: " + OneLine.of(failure.getMessage()) + " (see " + name + " --help)");
        return USAGE;
    }

    private static int fail(CommandLine command, Exception failure) {
        if (failure instanceof SignalledException signalled) {
            command.getErr().println("vela: interrupted");
            return signalled.status();
        }
        command.getErr().println("vela: " + OneLine.of(failure));
        if (command.getCommand() instanceof Verbosity.Option option && option.isVerbose()) {
            failure.printStackTrace(command.getErr());
        }
        return FAILURE;
    }
}
