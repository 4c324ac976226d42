package dev.vela.cli;

import dev.vela.SupervisedProducer;
import dev.vela.VelaEvent;
import dev.vela.view.Sources;
import dev.vela.view.ViewOptions;
import dev.vela.view.ViewServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One run of {@code vela produce}: opens a session, sends, drains, reads back, reports. Always reports, whatever
 * happens.
 */
final class ProduceRun {

    /*
     * The limits after a signal has requested the end: for the last message's wait for room, for the wait for receipts,
     * and for reading back. Together they bound the time until the report.
     */
    private static final Duration LAST_SEND = Duration.ofSeconds(1);
    private static final Duration LAST_RECEIPTS = Duration.ofSeconds(5);
    private static final Duration LAST_READ = Duration.ofSeconds(3);

    /** The time beyond its deadlines that the producer may need to answer everything. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private static final Duration SHORTEST_QUIET = Duration.ofSeconds(10);

    /**
     * The switches that are on.
     *
     * @param verify read everything back
     * @param json report for machines
     * @param verbose show events and logs
     * @param view serve a page that shows the producers
     */
    record Switches(boolean verify, boolean json, boolean verbose, boolean view) {}

    private final Terminal terminal;
    private final Interruption interruption;
    private final TopicOptions topic;
    private final ClusterOptions cluster;
    private final InputOptions input;
    private final Switches switches;

    private final Tally tally = new Tally();
    private final Reconciliation ledger = new Reconciliation();
    private final List<String> problems = new ArrayList<>();
    private final @Nullable String runId;

    ProduceRun(Terminal terminal, TopicOptions topic, ClusterOptions cluster, InputOptions input, Switches switches) {
        this.terminal = terminal;
        this.interruption = terminal.interruption();
        this.topic = topic;
        this.cluster = cluster;
        this.input = input;
        this.switches = switches;
        this.runId = switches.verify()
                ? HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong())
                : null;
    }

    /** Executes the run, and returns the exit status. */
    int run() throws Exception {
        try (LineSource lines = input.open(terminal.in());
                Progress progress = new Progress(terminal.err(), terminal.interactive() && !switches.verbose())) {
            try (ViewServer page = switches.view() ? view() : null) {
                if (page != null) {
                    progress.note("watch it at " + page.address());
                }
                try (Session session = open(progress)) {
                    return publish(session, lines, progress);
                }
            }
        }
    }

    private static ViewServer view() throws IOException {
        return ViewServer.start(Sources.thisProcess("vela produce"), ViewOptions.defaults());
    }

    private Session open(Progress progress) throws Exception {
        Session.Options wishes = new Session.Options(runId, ledger, this::onEvent, progress::note);
        try {
            return interruption.unlessRequested(
                    Interruption.inBackground("cli-open", () -> Session.open(cluster, topic, progress, wishes)));
        } catch (Exception e) {
            progress.close();
            if (switches.json()) {
                print(Report.of(topic.topic(), 0, tally, verdict(), Optional.empty()));
            }
            throw e;
        }
    }

    private void onEvent(VelaEvent event) {
        if (switches.verbose()) {
            String who = event.producer().orElse(event.topic());
            String cause = event.cause().map(why -> ": " + OneLine.of(why)).orElse("");
            terminal.err().println(event.time() + " " + event.type() + " " + who + cause);
        }
    }

    private int publish(Session session, LineSource lines, Progress progress) throws Exception {
        SupervisedProducer<byte[]> producer = session.producer();
        progress.line(() -> publishing(lines, producer));
        send(producer, lines);
        progress.line(() -> "waiting for receipts: " + publishing(lines, producer));
        drain(producer);
        TopicReader reader = session.reader();
        if (reader != null) {
            progress.line(() -> "reading back: " + ledger.arrivals() + " of "
                    + tally.counts().published());
            readBack(reader);
        }
        progress.close();
        Report report =
                Report.of(topic.topic(), session.partitions(), tally, verdict(), Optional.of(producer.snapshot()));
        print(report);
        return conclude(report);
    }

    private String publishing(LineSource lines, SupervisedProducer<byte[]> producer) {
        Tally.Counts counts = tally.counts();
        return Progress.bar(
                lines.fraction(),
                counts.published(),
                counts.messagesPerSecond(),
                producer.state().toString());
    }

    private void send(SupervisedProducer<byte[]> producer, LineSource lines) throws InterruptedException {
        Double rate = topic.rate();
        Sender.Settings settings = new Sender.Settings(
                topic.properties(), rate == null ? Double.POSITIVE_INFINITY : rate, topic.timeout(), runId);
        Sender sender = new Sender(producer, lines, settings, tally, ledger);
        try {
            interruption.unlessRequested(Interruption.inBackground("cli-send", () -> {
                sender.sendAll();
                return true;
            }));
        } catch (SignalledException e) {
            sender.stop(LAST_SEND);
        } catch (MalformedLineException e) {
            problems.add(lines.name() + ", " + e.getMessage());
        } catch (IOException e) {
            problems.add("cannot read " + lines.name() + ": " + OneLine.of(e));
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            problems.add(OneLine.of(e));
        }
    }

    /*
     * Waits for the answers rather than the close of the producer: with a silent broker, a close may take longer than
     * the answers.
     */
    private void drain(SupervisedProducer<byte[]> producer) throws Exception {
        // Every message may take its whole timeout, including the last one.
        Duration limit = topic.timeout().plus(GRACE);
        producer.stopAsync(limit);
        boolean answered;
        try {
            answered = interruption.unlessRequested(
                    Interruption.inBackground("cli-drain", () -> tally.awaitAnswers(limit.plus(GRACE))));
        } catch (SignalledException e) {
            producer.stopAsync(LAST_RECEIPTS);
            answered = tally.awaitAnswers(LAST_RECEIPTS.plus(GRACE));
        }
        if (!answered) {
            problems.add("some messages were not answered");
        }
    }

    private void readBack(TopicReader reader) throws Exception {
        Duration quiet = topic.timeout().compareTo(SHORTEST_QUIET) < 0 ? SHORTEST_QUIET : topic.timeout();
        CompletableFuture<Boolean> finished = Interruption.inBackground("cli-read-back", () -> {
            reader.finish(quiet);
            return true;
        });
        try {
            interruption.unlessRequested(finished);
            ledger.complete();
        } catch (SignalledException e) {
            if (wait(finished, LAST_READ)) {
                ledger.complete();
            }
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            problems.add("reading back ended early: " + OneLine.of(e));
        }
    }

    private static boolean wait(CompletableFuture<?> future, Duration limit) throws InterruptedException {
        try {
            future.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    private @Nullable Verdict verdict() {
        return switches.verify() ? ledger.verdict() : null;
    }

    private void print(Report report) {
        if (switches.json()) {
            JsonReport.print(report, terminal.out());
        } else {
            TextReport.print(report, terminal.out());
        }
    }

    private int conclude(Report report) {
        if (interruption.isRequested()) {
            problems.add(0, "interrupted");
        }
        Tally.Counts counts = report.counts();
        if (counts.failed() + counts.unknown() > 0) {
            problems.add(failures(counts));
        }
        if (report.verdict() != null) {
            problems.addAll(report.verdict().problems());
        }
        if (!problems.isEmpty()) {
            terminal.err().println("vela: " + String.join("; ", problems));
        }
        return interruption.statusOr(problems.isEmpty() ? 0 : Main.FAILURE);
    }

    private String failures(Tally.Counts counts) {
        String text = Stream.of(
                        counts.failed() == 0 ? "" : counts.failed() + " not sent",
                        counts.unknown() == 0 ? "" : counts.unknown() + " of unknown outcome")
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(", "));
        Tally.Failure first = tally.firstFailure();
        return first == null ? text : text + ", the first on line " + first.line() + ": " + OneLine.of(first.cause());
    }
}
