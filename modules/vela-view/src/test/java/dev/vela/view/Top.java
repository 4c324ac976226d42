package dev.vela.view;

import java.util.function.UnaryOperator;
import picocli.CommandLine;

/** Runs {@code vela top} in a JVM of its own. */
public final class Top {

    private Top() {}

    /** The arguments are those of the command. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new TopCommand(UnaryOperator.identity()))
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println("vela: " + failure.getMessage());
                    return 1;
                })
                .execute(args));
    }
}
