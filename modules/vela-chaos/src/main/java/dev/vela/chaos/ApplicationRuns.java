package dev.vela.chaos;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.vela.chaos.ApplicationProcess.Counts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The application over all its lives. Thread-safe. */
final class ApplicationRuns {

    private final Path folder;
    private final String serviceUrl;
    private final Setup setup;
    private final Topics topics;
    private final Tokens tokens;
    private final Audience audience;

    /** Held while a life begins or ends, and while one is frozen. Taken before the monitor. */
    private final ReentrantLock lives = new ReentrantLock();

    @GuardedBy("this")
    private final List<Run> runs = new ArrayList<>();

    @GuardedBy("this")
    private final Set<ApplicationFault> applicationFaults = EnumSet.noneOf(ApplicationFault.class);

    /** One life of the application. */
    private static final class Run {
        private final Path journal;
        private final ApplicationProcess process;
        private @Nullable Long diedAtMillis;

        private Run(Path journal, ApplicationProcess process) {
            this.journal = journal;
            this.process = process;
        }
    }

    /**
     * Creates the runs of an application that has not been started.
     *
     * @param folder the folder for journals, logs and the token
     * @param audience learns the process of each life
     */
    ApplicationRuns(Path folder, String serviceUrl, Setup setup, Topics topics, Tokens tokens, Audience audience)
            throws IOException {
        this.folder = folder;
        this.serviceUrl = serviceUrl;
        this.setup = setup;
        this.topics = topics;
        this.tokens = tokens;
        this.audience = audience;
        renewToken();
        KeyFiles.create(folder);
    }

    /** Gives the application a valid token. */
    void renewToken() throws IOException {
        write(tokens.lasting());
    }

    /** Gives the application a token that expired a day ago. */
    void expireToken() throws IOException {
        write(tokens.issue(Instant.now().minus(Duration.ofDays(1))));
    }

    private void write(String token) throws IOException {
        Path fresh = Files.writeString(folder.resolve("token.new"), token);
        Files.move(fresh, tokenFile(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private Path tokenFile() {
        return folder.resolve("token");
    }

    /** Starts the next life. */
    void start() throws IOException, InterruptedException {
        lives.lock();
        try {
            startNext();
        } finally {
            lives.unlock();
        }
    }

    private synchronized void startNext() throws IOException, InterruptedException {
        int number = runs.size();
        Path journal = folder.resolve("journal-" + number);
        ApplicationSettings settings = settings(number, journal);
        ApplicationProcess process =
                ApplicationProcess.start(settings, folder.resolve("application-" + number + ".log"));
        runs.add(new Run(journal, process));
        audience.applicationStarted(process.handle());
        for (ApplicationFault applicationFault : applicationFaults) {
            process.begin(applicationFault);
        }
    }

    /** The settings of a life. */
    ApplicationSettings settings(int number, Path journal) {
        return new ApplicationSettings(
                number,
                journal,
                serviceUrl,
                tokenFile(),
                setup,
                topics.main(),
                Topics.MAIN_PARTITIONS,
                topics.side(),
                Topics.SIDE_PARTITIONS,
                topics.single(),
                ApplicationSettings.Role.PUBLISHER,
                0);
    }

    /** Kills the present life with SIGKILL. */
    void kill() throws InterruptedException {
        lives.lock();
        try {
            killPresent();
        } finally {
            lives.unlock();
        }
    }

    private synchronized void killPresent() throws InterruptedException {
        Run life = present();
        life.process.kill();
        life.diedAtMillis = System.currentTimeMillis();
    }

    /**
     * Does something while the present life is frozen, as by a long pause of its JVM, or while there is none. No life is
     * killed or started meanwhile.
     */
    void whileFrozen(Fault.Action action) throws Exception {
        lives.lock();
        try {
            ApplicationProcess process = process();
            if (!process.isAlive()) {
                action.run();
                return;
            }
            ApplicationProcess.Thaw thaw = process.freeze();
            try {
                action.run();
            } finally {
                thaw.close();
            }
        } finally {
            lives.unlock();
        }
    }

    private synchronized ApplicationProcess process() {
        return present().process;
    }

    synchronized void begin(ApplicationFault applicationFault) throws IOException {
        applicationFaults.add(applicationFault);
        present().process.begin(applicationFault);
    }

    synchronized void end(ApplicationFault applicationFault) throws IOException {
        applicationFaults.remove(applicationFault);
        present().process.end(applicationFault);
    }

    @GuardedBy("this")
    private Run present() {
        return runs.get(runs.size() - 1);
    }

    /** Makes the present life stop sending, and waits until it has all answers or has given up on them. */
    void stop(Duration limit) throws IOException, InterruptedException {
        process().stop(limit);
    }

    /** The counts over all lives. */
    synchronized Counts counts() {
        long sent = 0;
        long stored = 0;
        long open = 0;
        for (Run life : runs) {
            Counts counts = life.process.counts();
            sent += counts.sent();
            stored += counts.stored();
            open = counts.open();
        }
        return new Counts(sent, stored, open);
    }

    /** Adds the journals of all lives to a history. */
    synchronized void tell(History history) throws IOException {
        for (int i = 0; i < runs.size(); i++) {
            Run life = runs.get(i);
            boolean ended = Journal.read(life.journal, i, life.diedAtMillis, history);
            if (!ended && life.diedAtMillis == null) {
                throw new IOException("life " + i + " of the application has no end: " + life.journal);
            }
        }
    }

    /** Kills the processes that are left. */
    synchronized void close() throws InterruptedException {
        for (Run life : runs) {
            life.process.kill();
        }
    }
}
