package dev.vela.chaos;

import dev.vela.chaos.ApplicationProcess.Counts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * The two applications that compete for a topic, each with its own network. With fencing, the second candidate opens
 * its producer only when the network of the first is cut. Confined to one thread, except {@link #counts}.
 */
final class Candidates {

    /** The life numbers of the first and the second candidate; those of the application start at 0. */
    private static final List<Integer> LIVES = List.of(101, 102);

    private static final int OPERATION_SECONDS = 20;
    private static final int LEADER_SECONDS = 15;
    private static final int LOOK_MILLIS = 200;

    private final boolean fencing;
    private final Topics topics;
    private final List<FaultProxy> networks = new ArrayList<>();
    private final List<ApplicationProcess> processes = new ArrayList<>();
    private final List<Path> journals = new ArrayList<>();

    private Candidates(boolean fencing, Topics topics) {
        this.fencing = fencing;
        this.topics = topics;
    }

    /**
     * Starts both candidates.
     *
     * @param template the settings of the application
     * @param folder the folder for journals and logs
     */
    static Candidates start(ApplicationSettings template, Topics topics, Path folder)
            throws IOException, InterruptedException {
        Candidates started = new Candidates(template.setup().has(Dimension.FENCING), topics);
        try {
            for (int life : LIVES) {
                FaultProxy network = FaultProxy.openSocks();
                started.networks.add(network);
                Path journal = folder.resolve("journal-" + life);
                started.journals.add(journal);
                started.processes.add(ApplicationProcess.start(
                        template.asCandidate(life, journal, network.port()),
                        folder.resolve("application-" + life + ".log")));
            }
            started.open(0);
            started.awaitLeader();
            if (!started.fencing) {
                started.open(1);
            }
            return started;
        } catch (IOException | InterruptedException | RuntimeException e) {
            started.close();
            throw e;
        }
    }

    /** Returns the index of the candidate whose producer the topic has now; empty if it has none. */
    OptionalInt leader() throws IOException, InterruptedException {
        List<String> names = topics.producersOfLed();
        for (int i = 0; i < LIVES.size(); i++) {
            String own = Candidate.name(LIVES.get(i));
            if (names.stream().anyMatch(name -> name.startsWith(own))) {
                return OptionalInt.of(i);
            }
        }
        return OptionalInt.empty();
    }

    /** Waits until one of the candidates leads. */
    int awaitLeader() throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LEADER_SECONDS);
        while (true) {
            OptionalInt leader = leader();
            if (leader.isPresent()) {
                return leader.getAsInt();
            }
            if (System.nanoTime() - end >= 0) {
                throw new IOException("none of the candidates leads within " + LEADER_SECONDS + " s");
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }

    boolean isFencing() {
        return fencing;
    }

    void open(int index) throws IOException, InterruptedException {
        processes.get(index).obey("open", Duration.ofSeconds(OPERATION_SECONDS));
    }

    void close(int index) throws IOException, InterruptedException {
        processes.get(index).obey("close", Duration.ofSeconds(OPERATION_SECONDS));
    }

    void restart(int index) throws IOException, InterruptedException {
        processes.get(index).obey("restart", Duration.ofSeconds(OPERATION_SECONDS));
    }

    /** Resets all connections of a candidate, and refuses new connections. */
    void sever(int index) {
        networks.get(index).sever();
    }

    /** Heals all networks. */
    void heal() {
        networks.forEach(FaultProxy::heal);
    }

    /** Makes both candidates stop sending, and waits for their answers. */
    void stop(Duration limit) throws IOException, InterruptedException {
        heal();
        for (ApplicationProcess process : processes) {
            process.stop(limit);
        }
    }

    /** The counts over both candidates. */
    Counts counts() {
        long sent = 0;
        long stored = 0;
        long open = 0;
        for (ApplicationProcess process : processes) {
            Counts counts = process.counts();
            sent += counts.sent();
            stored += counts.stored();
            open += counts.open();
        }
        return new Counts(sent, stored, open);
    }

    /** Adds the journals of both candidates to a history. */
    void tell(History history) throws IOException {
        for (int i = 0; i < LIVES.size(); i++) {
            if (!Journal.read(journals.get(i), LIVES.get(i), null, history)) {
                throw new IOException("a candidate has no end: " + journals.get(i));
            }
        }
    }

    /** Kills both candidates, and closes their networks. */
    void close() throws InterruptedException {
        for (ApplicationProcess process : processes) {
            process.kill();
        }
        networks.forEach(FaultProxy::close);
    }
}
