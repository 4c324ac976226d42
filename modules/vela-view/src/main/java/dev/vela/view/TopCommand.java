package dev.vela.view;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code vela top}: the producers of a running application, in the terminal. */
@Command(
        name = "top",
        description = {
            "Shows the supervised producers of a running application: their state, rate, pending messages and last"
                    + " failure, and what happens to them. Nothing has to be prepared in the application.",
            ""
        },
        sortOptions = false,
        footer = {
            "",
            "The key h shows the keys. Without a terminal, or with --once, one snapshot is printed. What is needed to"
                    + " attach to an application: docs/live.md."
        })
public final class TopCommand implements Callable<Integer> {

    private static final double SHORTEST_SECONDS = 0.1;
    private static final double LONGEST_SECONDS = 3600;
    private static final int INTERRUPTED = 130;

    /** How long the screen waits for what is wrong with the arguments; an application that is slower is shown as such. */
    private static final Duration SOON = Duration.ofSeconds(3);

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final JsonMapper ASCII =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private final UnaryOperator<Callable<Integer>> host;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    private SourceOptions source = new SourceOptions();

    @Option(
            names = "--interval",
            paramLabel = "SECONDS",
            description = "The time from one read to the next, in seconds; longer for a large application."
                    + " Default: ${DEFAULT-VALUE}.")
    private double seconds = 1;

    @Option(
            names = "--once",
            description = "Prints one snapshot of the complete tree, and ends. It is read twice, an interval apart, for"
                    + " the rates.")
    private boolean once;

    @Option(names = "--json", description = "Prints one snapshot as JSON: an array with a report for each runtime.")
    private boolean json;

    @Option(names = "--no-color", description = "Uses no colours, as if NO_COLOR were set.")
    private boolean colourless;

    /**
     * Creates the command.
     *
     * @param host returns the call that executes the given work, for example so that it ends on a signal
     */
    public TopCommand(UnaryOperator<Callable<Integer>> host) {
        this.host = host;
    }

    @Override
    public Integer call() throws Exception {
        if (!(seconds >= SHORTEST_SECONDS && seconds <= LONGEST_SECONDS)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--interval must be in [" + SHORTEST_SECONDS + ", " + LONGEST_SECONDS + "], was " + seconds);
        }
        return host.apply(this::run).call();
    }

    private int run() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        try (Source chosen = source.open(spec.commandLine().getErr())) {
            FirstAnswer open = new FirstAnswer(chosen);
            Optional<List<String>> soon = open.await(SOON);
            if (soon.isPresent() && soon.get().isEmpty()) {
                throw new IOException(open.describe() + " has no runtime of Vela");
            }
            TopTerminal terminal = once || json ? null : TopTerminal.take();
            if (terminal != null) {
                return show(open, terminal);
            }
            List<String> reports = answer(open);
            if (json) {
                // Written anew: what an application sends may be anything, and a terminal may obey some of it.
                out.println(ASCII.writeValueAsString(ASCII.readTree("[" + String.join(",", reports) + "]")));
            } else {
                print(chosen, reports, out);
            }
            return 0;
        }
    }

    private static List<String> answer(FirstAnswer source) throws IOException, InterruptedException {
        return source.await(LIMIT)
                .orElseThrow(() ->
                        new IOException(source.describe() + " did not answer within " + LIMIT.toSeconds() + " s"));
    }

    private Duration interval() {
        return Duration.ofNanos(Math.round(seconds * 1e9));
    }

    private int show(Source open, TopTerminal terminal) {
        String noColour = System.getenv("NO_COLOR");
        boolean colours = !colourless && (noColour == null || noColour.isEmpty());
        boolean isInterrupted;
        try (terminal;
                TopFeed feed = new TopFeed(new Feed(
                        open, new Marks(Clock.systemUTC()), false, interval(), Clock.systemUTC(), System::nanoTime))) {
            TopScreen screen = new TopScreen(colours, terminal.isUnicode(), ZoneId.systemDefault());
            isInterrupted = terminal.run(feed, screen, Clock.systemUTC());
            terminal.close(); // at once: the feed may have to wait for an application that does not answer
        }
        return isInterrupted ? INTERRUPTED : 0;
    }

    /** Reads a second time, for the rates. */
    private void print(Source chosen, List<String> first, PrintWriter out) throws IOException, InterruptedException {
        Rates rates = new Rates();
        LiveRuntime.all(first, rates);
        TimeUnit.NANOSECONDS.sleep(interval().toNanos());
        Instant now = Instant.now();
        List<LiveRuntime> runtimes = LiveRuntime.all(answer(new FirstAnswer(chosen)), rates);
        List<LiveEvent> events = runtimes.stream()
                .flatMap(runtime -> runtime.events().stream())
                .sorted(Comparator.comparing(LiveEvent::time))
                .toList();
        Watched watched = new Watched(1, chosen.describe(), Watched.Link.LIVE, now, "", runtimes, events);
        TopText.lines(watched, now, ZoneId.systemDefault()).forEach(out::println);
    }
}
