package dev.vela.chaos;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.pulsar.client.api.PulsarClientException;

/**
 * The publishing application, in a separate process so that it can be killed. Obeys lines on standard input:
 * {@code begin X} and {@code end X} for an {@link ApplicationFault}, and {@code stop}; the end of standard input halts
 * the process at once. Standard output carries {@code READY}, a line of counts each second, and {@code DONE}.
 */
public final class Application {

    /** The longest time after its timeout in which a message may be answered. */
    static final Duration SLACK = Duration.ofSeconds(15);

    private static final Duration RECOVER_EVERY = Duration.ofSeconds(3);
    private static final Duration RETURN_LIMIT = Duration.ofSeconds(60);
    private static final int POLL_MILLIS = 50;
    private static final int VITALS_SECONDS = 20;

    private final int life;
    private final List<Workload> workloads;
    private final Publisher publisher;
    private final Recorder recorder;
    private final PrintStream out;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "chaos-timer");
        thread.setDaemon(true);
        return thread;
    });

    private Application(ApplicationSettings settings, Publisher publisher, PrintStream out) throws IOException {
        this.life = settings.life();
        this.publisher = publisher;
        this.recorder = new Recorder(Journal.create(settings.journal()), publisher::kindOf);
        this.workloads = workloads(settings);
        this.out = out;
    }

    private List<Workload> workloads(ApplicationSettings settings) throws PulsarClientException {
        List<Workload> all = new ArrayList<>(List.of(new MainWorkload(settings, publisher, recorder)));
        if (publisher instanceof VelaPublisher first) {
            Setup setup = settings.setup();
            all.add(new ShortLivedWorkload(settings, first.vela(), recorder));
            all.add(new RuntimesWorkload(settings, recorder));
            if (setup.has(Dimension.SECOND_HANDLE)) {
                all.add(new SecondHandleWorkload(settings, first.vela(), recorder));
            }
            if (setup.has(Dimension.SCHEMAS)) {
                all.add(new SchemaWorkload(settings, first.vela(), recorder));
            }
            if (setup.has(Dimension.TRANSACTIONS)) {
                all.add(new TransactionWorkload(settings, recorder));
            }
        }
        return all;
    }

    /**
     * Runs until the command {@code stop} arrives.
     *
     * @param args see {@link ApplicationSettings}
     */
    public static void main(String[] args) {
        PrintStream out = System.out;
        System.setOut(System.err);
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, US_ASCII));
        try {
            ApplicationSettings settings = ApplicationSettings.parse(args);
            if (settings.role() == ApplicationSettings.Role.CANDIDATE) {
                new Candidate(settings, out).run(commands);
            } else {
                Publisher publisher = settings.setup().subject() == Subject.VELA
                        ? new VelaPublisher(settings)
                        : new OfficialPublisher(settings);
                new Application(settings, publisher, out).run(commands);
            }
            Runtime.getRuntime().halt(0);
        } catch (Throwable failure) {
            failure.printStackTrace();
            System.err.flush();
            Runtime.getRuntime().halt(1);
        }
    }

    private void run(BufferedReader commands) throws Exception {
        workloads.forEach(Workload::start);
        timer.scheduleWithFixedDelay(this::recover, 0, RECOVER_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        timer.scheduleAtFixedRate(this::tell, 1, 1, TimeUnit.SECONDS);
        timer.scheduleAtFixedRate(this::examine, VITALS_SECONDS, VITALS_SECONDS, TimeUnit.SECONDS);
        say("READY");
        String line = commands.readLine();
        while (line != null && !line.equals("stop")) {
            obey(line.split(" ", -1));
            line = commands.readLine();
        }
        if (line == null) {
            return; // the parent is gone, so there is nothing to report
        }
        watchForTheEnd(commands);
        stop();
    }

    private void obey(String[] words) {
        ApplicationFault applicationFault = ApplicationFault.valueOf(words[1]);
        if (words[0].equals("begin")) {
            workloads.forEach(workload -> workload.begin(applicationFault));
        } else {
            workloads.forEach(workload -> workload.end(applicationFault));
        }
    }

    private void recover() {
        try {
            publisher.recover();
        } catch (RuntimeException e) {
            System.err.println("cannot recover now: " + e);
        }
    }

    private void examine() {
        recorder.journal().took(Vitals.now(life));
    }

    private void tell() {
        say(recorder.counts());
    }

    private synchronized void say(String line) {
        out.println(line);
        out.flush();
    }

    static void watchForTheEnd(BufferedReader commands) {
        Thread thread = new Thread(
                () -> {
                    try {
                        while (commands.readLine() != null) {
                            // No further command is obeyed.
                        }
                    } catch (IOException e) {
                        // Treated like the end of the input.
                    }
                    Runtime.getRuntime().halt(0);
                },
                "chaos-input");
        thread.setDaemon(true);
        thread.start();
    }

    private void stop() throws Exception {
        Duration longest = MainWorkload.LONGEST_TIMEOUT.plus(SLACK);
        for (Workload workload : workloads) {
            workload.stop(longest);
        }
        await(longest, () -> recorder.answered() == recorder.sent());
        await(RETURN_LIMIT, () -> held() == 0);
        long held = held();
        if (held > 0) {
            System.err.println("still held: " + publisher + ", " + workloads);
        }
        workloads.forEach(Workload::close);
        await(RETURN_LIMIT, () -> leftBehind() == 0);
        long leftBehind = leftBehind();
        if (leftBehind > 0) {
            System.err.println("left behind: " + workloads + ", threads of closed runtimes: " + threadsLeft());
        }
        tell();
        recorder.journal().ended(held + leftBehind);
        say("DONE");
        publisher.close();
    }

    private long held() {
        return publisher.held() + workloads.stream().mapToLong(Workload::held).sum();
    }

    private long leftBehind() {
        return threadsLeft()
                + workloads.stream().mapToLong(Workload::leftBehind).sum();
    }

    /** The number of closed runtimes that still have a thread. Only the publisher's runtime is still open. */
    private long threadsLeft() {
        long runtimes = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("vela-control-"))
                .count();
        return Math.max(0, runtimes - (publisher instanceof VelaPublisher ? 1 : 0));
    }

    static void await(Duration limit, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() - end < 0) {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }
}
