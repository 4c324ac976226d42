package dev.vela.cli;

import dev.vela.local.LocalPulsar;
import dev.vela.local.LocalPulsarBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code vela local}: a Pulsar to try things on. */
@Command(
        name = "local",
        description = {"Runs a real Pulsar on 127.0.0.1 until it is interrupted, and prints its addresses.", ""},
        mixinStandardHelpOptions = true,
        versionProvider = VelaCommand.Version.class,
        sortOptions = false,
        footer = {"", "Ctrl-C stops it; the exit status is then 130."})
final class LocalCommand implements Callable<Integer>, Verbosity.Option {

    private static final Duration LIFE_CHECK = Duration.ofMillis(500);

    private final Terminal terminal;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--folder",
            paramLabel = "FOLDER",
            description =
                    "Keeps data, log and ports in this folder for the next time. Default: a temporary folder that is"
                            + " deleted in the end.")
    private @Nullable Path folder;

    @Option(
            names = {"-v", "--verbose"},
            description = "Shows logs.")
    private boolean verbose;

    LocalCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public boolean isVerbose() {
        return verbose;
    }

    @Override
    public Integer call() throws Exception {
        if (folder != null && (folder.toString().isBlank() || (Files.exists(folder) && !Files.isDirectory(folder)))) {
            throw new ParameterException(
                    spec.commandLine(), "--folder must be a folder, or one that can be made, was '" + folder + "'");
        }
        if (verbose) {
            Verbosity.showLogs();
        }
        try (LocalPulsar pulsar =
                terminal.interruption().unlessRequested(Interruption.inBackground("cli-start", this::start))) {
            terminal.out().println("service URL  " + pulsar.serviceUrl());
            terminal.out().println("admin URL    " + pulsar.adminUrl());
            terminal.out().println("log          " + pulsar.log());
            terminal.out().flush();
            while (!terminal.interruption().await(LIFE_CHECK)) {
                if (!pulsar.isRunning()) {
                    throw new CommandFailedException("Pulsar ended by itself; its log is " + pulsar.log(), null);
                }
            }
        }
        return terminal.interruption().statusOr(0);
    }

    private LocalPulsar start() {
        try (Progress progress = new Progress(terminal.err(), terminal.interactive() && !verbose)) {
            progress.phase("starting a local Pulsar");
            LocalPulsarBuilder builder = LocalPulsar.builder().progress(progress::note);
            if (folder != null) {
                builder.folder(folder);
            }
            return builder.start();
        } catch (RuntimeException e) {
            throw CommandFailedException.because("cannot start a local Pulsar", e);
        }
    }
}
