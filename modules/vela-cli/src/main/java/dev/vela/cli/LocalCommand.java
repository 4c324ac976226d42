package dev.vela.cli;

import dev.vela.local.LocalCluster;
import dev.vela.local.LocalClusterBuilder;
import dev.vela.local.LocalPulsar;
import dev.vela.local.LocalPulsarBuilder;
import dev.vela.local.LocalServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code vela local}: runs a Pulsar for experiments. */
@Command(
        name = "local",
        description = {"Runs a real Pulsar on 127.0.0.1 until it is interrupted, and prints its addresses.", ""},
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
            names = "--brokers",
            paramLabel = "N",
            description = "Runs a cluster with so many brokers, each a process of its own as are ZooKeeper and the"
                    + " bookies. Default: one process for all; 2 with --bookies.")
    private @Nullable Integer brokers;

    @Option(
            names = "--bookies",
            paramLabel = "N",
            description = "Runs a cluster with so many bookies. Default: one process for all; 1 with --brokers.")
    private @Nullable Integer bookies;

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
        requirePositive("--brokers", brokers);
        requirePositive("--bookies", bookies);
        if (verbose) {
            Verbosity.showLogs();
        }
        try (Running running =
                terminal.interruption().unlessRequested(Interruption.inBackground("cli-start", this::start))) {
            running.lines.forEach(terminal.out()::println);
            terminal.out().flush();
            while (!terminal.interruption().await(LIFE_CHECK)) {
                running.requireAlive();
            }
        }
        return terminal.interruption().statusOr(0);
    }

    private void requirePositive(String option, @Nullable Integer count) {
        if (count != null && count < 1) {
            throw new ParameterException(spec.commandLine(), option + " must be >= 1, was " + count);
        }
    }

    /** The started servers, and the lines that are printed about them. */
    private record Running(Runnable end, List<LocalServer> servers, List<String> lines) implements AutoCloseable {

        static Running of(LocalPulsar pulsar) {
            return new Running(
                    pulsar::close,
                    List.of(pulsar),
                    List.of(
                            "service URL  " + pulsar.serviceUrl(),
                            "admin URL    " + pulsar.adminUrl(),
                            "log          " + pulsar.log()));
        }

        static Running of(LocalCluster cluster) {
            List<String> lines = new ArrayList<>();
            lines.add("service URL  " + cluster.serviceUrl());
            cluster.brokers().forEach(broker -> lines.add("admin URL    " + broker.adminUrl()));
            cluster.servers().forEach(server -> lines.add("log          " + server.log()));
            return new Running(cluster::close, cluster.servers(), lines);
        }

        void requireAlive() {
            for (LocalServer server : servers) {
                if (!server.isRunning()) {
                    throw new CommandFailedException(
                            "Pulsar's " + server.name() + " ended by itself; its log is " + server.log(), null);
                }
            }
        }

        @Override
        public void close() {
            end.run();
        }
    }

    private Running start() {
        try (Progress progress = new Progress(terminal.err(), terminal.interactive() && !verbose)) {
            progress.phase("starting a local Pulsar");
            return brokers == null && bookies == null
                    ? Running.of(standalone(progress))
                    : Running.of(cluster(progress));
        } catch (RuntimeException e) {
            throw CommandFailedException.because("cannot start a local Pulsar", e);
        }
    }

    private LocalPulsar standalone(Progress progress) {
        LocalPulsarBuilder builder = LocalPulsar.builder().progress(progress::note);
        if (folder != null) {
            builder.folder(folder);
        }
        return builder.start();
    }

    private LocalCluster cluster(Progress progress) {
        LocalClusterBuilder builder = LocalCluster.builder().progress(progress::note);
        if (brokers != null) {
            builder.brokers(brokers);
        }
        if (bookies != null) {
            builder.bookies(bookies);
        }
        if (folder != null) {
            builder.folder(folder);
        }
        return builder.start();
    }
}
