package dev.vela.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command that contains the subcommands. */
@Command(
        name = "vela",
        description = "Publishes to Apache Pulsar through supervised, self-healing producers.",
        scope = ScopeType.INHERIT, // the options for help and version, for all subcommands
        mixinStandardHelpOptions = true,
        versionProvider = VelaCommand.Version.class,
        synopsisSubcommandLabel = "(produce | local | bench | chaos | top | view)")
final class VelaCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "a command is missing: produce, local, bench, chaos, top or view");
    }

    /** The version that the build wrote into the jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"vela " + (version == null ? "(not packaged)" : version)};
        }
    }
}
