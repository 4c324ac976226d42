package dev.vela.chaos;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The application that publishes, in a process of its own so that it can be killed. Obeys lines on standard input:
 * {@code begin X} and {@code end X} for a {@link Mischief}, {@code stop}; the end of that input halts it at once. Standard
 * output carries {@code READY}, a line of counts each second, and {@code DONE}.
 */
public final class Application {

    /** How long after its timeout a message may be answered. */
    static final Duration SLACK = Duration.ofSeconds(15);

    private static final Duration RECOVER_EVERY = Duration.ofSeconds(3);
    private static final Duration RETURN_LIMIT = Duration.ofSeconds(60);
    private static final int POLL_MILLIS = 50;
    private static final int VITALS_SECONDS = 20;

    private final int life;
    private final Load load;
    private final Publisher publisher;
    private final Journal journal;
    private final PrintStream out;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "chaos-timer");
        thread.setDaemon(true);
        return thread;
    });

    private Application(ApplicationSettings settings, Publisher publisher, PrintStream out) throws IOException {
        this.life = settings.life();
        this.publisher = publisher;
        this.journal = Journal.create(settings.journal());
        this.load = new Load(settings, publisher, journal);
        this.out = out;
    }

    /**
     * Runs until it is told to stop.
     *
     * @param args see {@link ApplicationSettings}
     */
    public static void main(String[] args) {
        PrintStream out = System.out;
        System.setOut(System.err);
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, US_ASCII));
        try {
            ApplicationSettings settings = ApplicationSettings.parse(args);
            Publisher publisher = settings.setup().subject() == Subject.VELA
                    ? new VelaPublisher(settings)
                    : new OfficialPublisher(settings);
            new Application(settings, publisher, out).run(commands);
            Runtime.getRuntime().halt(0);
        } catch (Throwable failure) {
            failure.printStackTrace();
            System.err.flush();
            Runtime.getRuntime().halt(1);
        }
    }

    private void run(BufferedReader commands) throws Exception {
        load.start();
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
            return; // nobody is left to be told
        }
        watchForTheEnd(commands);
        stop();
    }

    private void obey(String[] words) {
        Mischief mischief = Mischief.valueOf(words[1]);
        if (words[0].equals("begin")) {
            load.begin(mischief);
        } else {
            load.end(mischief);
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
        journal.took(Vitals.now(life));
    }

    private void tell() {
        say("COUNTS " + load.sent() + ' ' + load.stored() + ' ' + (load.sent() - load.answered()));
    }

    private synchronized void say(String line) {
        out.println(line);
        out.flush();
    }

    private static void watchForTheEnd(BufferedReader commands) {
        Thread thread = new Thread(
                () -> {
                    try {
                        while (commands.readLine() != null) {
                            // Nothing more to obey.
                        }
                    } catch (IOException e) {
                        // As good as the end.
                    }
                    Runtime.getRuntime().halt(0);
                },
                "chaos-input");
        thread.setDaemon(true);
        thread.start();
    }

    private void stop() throws Exception {
        Duration longest = Load.LONGEST_TIMEOUT.plus(SLACK);
        load.stop(longest);
        await(longest, () -> load.answered() == load.sent());
        await(RETURN_LIMIT, () -> publisher.held() == 0);
        long held = publisher.held();
        if (held > 0) {
            System.err.println("still held: " + publisher);
        }
        tell();
        journal.ended(held);
        say("DONE");
        publisher.close();
    }

    private static void await(Duration limit, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() - end < 0) {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }
}
