package dev.vela.view;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code vela view}: shows the supervised producers of a running application in a browser. */
@Command(
        name = "view",
        description = {
            "Shows the supervised producers of a running application in a browser: their states, rates and events, live.",
            "",
            "Prints the address to open, and serves it until it is interrupted. The application needs no preparation.",
            ""
        },
        sortOptions = false,
        footer = {"", "What there is to see, and who can see it: docs/live.md."})
public final class ViewCommand implements Callable<Integer> {

    private static final Duration SOON = Duration.ofSeconds(3);

    private final UnaryOperator<Callable<Integer>> host;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    private SourceOptions source = new SourceOptions();

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Listens on this port; 0 for any that is free. Default: " + ViewOptions.DEFAULT_PORT
                    + ", or the next one that is free.")
    private @Nullable Integer port;

    @Option(
            names = "--listen",
            paramLabel = "ADDRESS",
            description = "Listens on this address, so that other machines can see the page. Default: 127.0.0.1, which"
                    + " only this machine reaches.")
    private @Nullable String listen;

    @Option(names = "--read-only", description = "Refuses to restart producers.")
    private boolean readOnly;

    /**
     * Creates the command.
     *
     * @param host returns the call that executes the given work, for example so that it ends on a signal
     */
    public ViewCommand(UnaryOperator<Callable<Integer>> host) {
        this.host = host;
    }

    @Override
    public Integer call() throws Exception {
        ViewOptions options = options();
        return host.apply(() -> serve(options)).call();
    }

    private ViewOptions options() {
        try {
            return new ViewOptions(listen, port, readOnly);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
        }
    }

    private int serve(ViewOptions options) throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Source read = open(err);
        try (ViewServer server = ViewServer.start(read, options)) {
            if (server.isReachable()) {
                err.println(
                        "vela: warning: other machines can reach this page; it is not encrypted, and whoever knows its"
                                + " address can see it" + (readOnly ? "" : " and restart producers"));
            }
            err.println("vela: watching " + read.describe() + "; Ctrl-C ends");
            err.flush();
            out.println(server.address());
            out.flush();
            new CountDownLatch(1).await(); // until it is interrupted
        }
        return 0;
    }

    /** Reads it once, so that what cannot be read is known before a browser is opened. */
    private Source open(PrintWriter err) throws IOException, InterruptedException {
        FirstAnswer read = new FirstAnswer(source.open(err));
        try {
            Optional<List<String>> soon = read.await(SOON);
            if (soon.isPresent() && soon.get().isEmpty()) {
                throw new IOException(read.describe() + " has no runtime of Vela");
            }
            if (soon.isEmpty()) {
                err.println("vela: " + read.describe() + " does not answer; the page shows it as soon as it does");
            }
            return read;
        } catch (IOException | InterruptedException | RuntimeException e) {
            read.close();
            throw e;
        }
    }
}
