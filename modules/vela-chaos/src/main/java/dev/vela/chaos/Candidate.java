package dev.vela.chaos;

import dev.vela.Backoff;
import dev.vela.Batching;
import dev.vela.ProducerGroup;
import dev.vela.Snapshot;
import dev.vela.SupervisedProducerBuilder;
import dev.vela.Vela;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.jspecify.annotations.Nullable;

/**
 * One of two applications that compete for a topic with one leader at a time, in a separate process. A candidate sends
 * all the time, whether it is the leader or not. Obeys lines on standard input: {@code open}, {@code close},
 * {@code restart} for its producer, and {@code stop}; each command but the last is answered with {@code OBEYED}. Its
 * other output is that of {@link Application}.
 */
final class Candidate {

    static final String TOPIC = "led";

    /** Shorter than the cut of the network, so that the producer would be replaced if its mode allowed that. */
    private static final Duration DISCONNECTED_LIMIT = Duration.ofSeconds(4);

    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration DRAIN = Duration.ofSeconds(2);
    private static final Duration RETURN_LIMIT = Duration.ofSeconds(60);
    private static final int TELL_EVERY = 20;

    private final ApplicationSettings settings;
    private final PrintStream out;
    private final Vela vela;
    private final Recorder recorder;
    private final Sender sender;
    private final PacedThread thread = new PacedThread("chaos-candidate", PAUSE, this::send);
    private volatile @Nullable ProducerGroup<byte[]> producer;

    Candidate(ApplicationSettings settings, PrintStream out) throws IOException {
        this.settings = settings;
        this.out = out;
        this.vela = Vela.builder()
                .serviceUrl(settings.serviceUrl())
                .customizeClient(settings::customize)
                .build();
        this.recorder = new Recorder(Journal.create(settings.journal()), VelaSetup::kindOf);
        this.sender = new Sender(recorder, settings.life(), Sender.CANDIDATE, settings.topic(TOPIC), true);
    }

    /** Returns the prefix of the names of a candidate's producers. */
    static String name(int life) {
        return "candidate-" + life;
    }

    void run(BufferedReader commands) throws Exception {
        thread.start();
        say("READY");
        String line = commands.readLine();
        while (line != null && !line.equals("stop")) {
            obey(line);
            say("OBEYED");
            line = commands.readLine();
        }
        if (line == null) {
            return; // the parent is gone, so there is nothing to report
        }
        Application.watchForTheEnd(commands);
        stop();
    }

    private void obey(String command) throws PulsarClientException {
        ProducerGroup<byte[]> present = producer;
        if (command.equals("open") && present == null) {
            recorder.journal().candidacy(System.currentTimeMillis());
            producer = open();
        } else if (command.equals("close") && present != null) {
            producer = null;
            present.stop(DRAIN);
        } else if (command.equals("restart") && present != null) {
            recorder.journal().candidacy(System.currentTimeMillis());
            present.restart();
        }
    }

    private ProducerGroup<byte[]> open() throws PulsarClientException {
        boolean fencing = settings.setup().has(Dimension.FENCING);
        SupervisedProducerBuilder<byte[], ProducerGroup<byte[]>> builder = vela.newProducerGroup(Schema.BYTES)
                .topic(settings.topic(TOPIC))
                .name(name(settings.life()))
                .accessMode(fencing ? ProducerAccessMode.ExclusiveWithFencing : ProducerAccessMode.WaitForExclusive)
                .inFlightPolicy(settings.inFlight())
                .maxPendingMessages(ApplicationSettings.MAX_PENDING)
                .maxDisconnectedTime(DISCONNECTED_LIMIT)
                .backoff(Backoff.exponential(Duration.ofMillis(100), Duration.ofSeconds(1)));
        if (settings.batching()) {
            builder.batching(Batching.defaults());
        }
        return builder.start();
    }

    private void send(int number) {
        ProducerGroup<byte[]> present = producer;
        if (present != null) {
            sender.send(present.newMessage(), number, null, TIMEOUT, Sent.Nature.ORDINARY);
        }
        if (number % TELL_EVERY == 0) {
            say(recorder.counts());
        }
    }

    private synchronized void say(String line) {
        out.println(line);
        out.flush();
    }

    private void stop() throws Exception {
        Duration longest = TIMEOUT.plus(Application.SLACK);
        thread.stop(longest);
        Application.await(longest, () -> recorder.answered() == recorder.sent());
        Application.await(RETURN_LIMIT, () -> held() == 0);
        recorder.journal().ended(held());
        say(recorder.counts());
        say("DONE");
        vela.closeAsync(DRAIN).join();
    }

    private long held() {
        Snapshot snapshot = vela.snapshot();
        return Math.max(snapshot.pendingMessages(), snapshot.pendingBytes());
    }
}
