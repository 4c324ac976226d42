package dev.vela.view;

import java.util.function.UnaryOperator;
import picocli.CommandLine;

/** {@code vela top} as the command line has it. */
public final class Top {

    private Top() {}

    static CommandLine command() {
        return new CommandLine(new TopCommand(UnaryOperator.identity()))
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println("vela: " + failure.getMessage());
                    return 1;
                });
    }

    /** The arguments are those of the command. */
    public static void main(String[] args) {
        System.exit(command().execute(args));
    }
}
