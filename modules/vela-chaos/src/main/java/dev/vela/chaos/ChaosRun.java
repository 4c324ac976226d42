package dev.vela.chaos;

import dev.vela.chaos.ApplicationProcess.Counts;
import dev.vela.chaos.FaultKind.Where;
import dev.vela.chaos.History.Fate;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.pulsar.client.api.AuthenticationFactory;
import org.apache.pulsar.client.api.PulsarClient;
import org.jspecify.annotations.Nullable;

/** One run: publishes to a cluster while faults are injected, reads everything back, and judges the history. */
final class ChaosRun {

    private static final Duration STOP_LIMIT = Duration.ofMinutes(4);
    private static final int PROGRESS_SECONDS = 5;
    private static final int CLIENT_SECONDS = 10;

    private final Plan plan;
    private final Site site;
    private final Topics topics;
    private final Path folder;
    private final Audience audience;
    private final Consumer<String> progress;
    private final List<Sent> sentByRivals = Collections.synchronizedList(new ArrayList<>());
    private @Nullable Candidates candidates;
    private long start = System.nanoTime(); // of the schedule, once started: set before the threads that read it start

    /**
     * Creates a run that has not started.
     *
     * @param topics the topics of this run alone, not yet created
     * @param folder the folder for the application's journals and logs
     * @param audience follows the run
     * @param progress receives lines about the progress
     */
    ChaosRun(Plan plan, Site site, Topics topics, Path folder, Audience audience, Consumer<String> progress) {
        this.plan = plan;
        this.site = site;
        this.topics = topics;
        this.folder = folder;
        this.audience = audience;
        this.progress = progress;
    }

    Findings run() throws IOException, InterruptedException {
        topics.create(plan.setup());
        ApplicationRuns application =
                new ApplicationRuns(folder, site.serviceUrl(), plan.setup(), topics, site.tokens(), audience);
        try (PulsarClient client = client()) {
            application.start();
            startCandidates(application);
            List<InjectedFault> injectedFaults = torment(application, client);
            site.mend();
            progress("all faults are over; waiting for the last answers");
            application.stop(STOP_LIMIT);
            History history = new History();
            application.tell(history);
            tellOfCandidates(history);
            progress("reading everything back");
            ReadBack reader = new ReadBack(client, new KeyFiles(folder.toAbsolutePath()), history);
            for (String topic : topics.all(plan.setup())) {
                reader.topic(topic);
            }
            progress("judging");
            return findings(history, injectedFaults);
        } finally {
            application.close();
            closeCandidates();
        }
    }

    private void startCandidates(ApplicationRuns application) throws IOException, InterruptedException {
        if (plan.setup().hasCandidates()) {
            candidates = Candidates.start(application.settings(0, folder), topics, folder);
        }
    }

    private void tellOfCandidates(History history) throws IOException, InterruptedException {
        Candidates present = candidates;
        if (present != null) {
            present.stop(STOP_LIMIT);
            present.tell(history);
            for (Sent sent : sentByRivals) {
                history.candidacy(RivalLeadsFault.LIFE, sent.atMillis());
                history.sent(sent);
            }
            history.died(RivalLeadsFault.LIFE, System.currentTimeMillis());
        }
        closeCandidates();
    }

    private void closeCandidates() throws InterruptedException {
        Candidates present = candidates;
        candidates = null;
        if (present != null) {
            present.close();
        }
    }

    private PulsarClient client() throws IOException {
        return PulsarClient.builder()
                .serviceUrl(site.serviceUrl())
                .authentication(AuthenticationFactory.token(site.tokens().lasting()))
                .operationTimeout(CLIENT_SECONDS, TimeUnit.SECONDS)
                .lookupTimeout(CLIENT_SECONDS, TimeUnit.SECONDS)
                .maxBackoffInterval(2, TimeUnit.SECONDS)
                .build();
    }

    private List<InjectedFault> torment(ApplicationRuns application, PulsarClient client) throws InterruptedException {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "chaos-progress");
            thread.setDaemon(true);
            return thread;
        });
        try {
            start = System.nanoTime();
            long end = start + plan.length().toNanos();
            timer.scheduleAtFixedRate(
                    () -> tell(application.counts()), PROGRESS_SECONDS, PROGRESS_SECONDS, TimeUnit.SECONDS);
            List<InjectedFault> injectedFaults = new Nemesis(
                            new FaultFactory(site, topics, application, client, candidates, sentByRivals),
                            audience,
                            this::progress)
                    .run(plan.schedule());
            TimeUnit.NANOSECONDS.sleep(Math.max(0, end - System.nanoTime()));
            return injectedFaults;
        } finally {
            timer.shutdownNow();
        }
    }

    private void tell(Counts counts) {
        progress(String.format(
                Locale.ROOT, "%,d sent, %,d stored, %,d on their way", counts.sent(), counts.stored(), counts.open()));
    }

    private void progress(String line) {
        progress.accept(String.format(Locale.ROOT, "%6.1f s  %s", (System.nanoTime() - start) / 1e9, line));
    }

    private Findings findings(History history, List<InjectedFault> injectedFaults) throws IOException {
        Promises promises = new Promises(
                plan.setup().deduplication() && !plan.setup().has(Dimension.CHUNKING),
                topics.wipes(),
                topics.grown(),
                plan.setup().hasCandidates()
                        ? new Promises.Leadership(topics.led(), plan.setup().has(Dimension.FENCING))
                        : null,
                WriteFailures.in(site.brokers().stream().map(Server::log).toList()),
                injectedFaults.stream()
                        .filter(injected -> injected.entry().kind() == FaultKind.TOKEN_EXPIRED)
                        .map(injected -> new Promises.Blackout(injected.begunAtMillis(), injected.endedAtMillis()))
                        .toList(),
                Application.SLACK);
        List<Fate> main = fates(history, topics.main());
        List<Fate> side = fates(history, topics.side());
        long[] storedInMain = storedTimes(main);
        long[] storedInSide = storedTimes(side);
        List<Effect> effects = new ArrayList<>();
        List<Recovery> recoveries = new ArrayList<>();
        for (InjectedFault injected : injectedFaults) {
            // Measured on the topic of the fault; for faults of the cluster or the application, on the main topic.
            boolean onSide = injected.entry().kind().where() == Where.SIDE_TOPIC;
            double share = onSide ? MainWorkload.SIDE_SHARE : MainWorkload.MAIN_SHARE;
            effects.add(Effect.of(onSide ? side : main, injected.begunAtMillis(), injected.endedAtMillis()));
            recoveries.add(Recovery.of(
                    onSide ? storedInSide : storedInMain,
                    injected.endedAtMillis(),
                    plan.setup().perSecond() * share));
        }
        return new Findings(
                Judge.judge(history, promises), injectedFaults, effects, recoveries, history.vitals(), causes(history));
    }

    private static List<Fate> fates(History history, String topic) {
        return history.fates().stream()
                .filter(fate -> fate.sent().topic().equals(topic))
                .toList();
    }

    private static long[] storedTimes(List<Fate> fates) {
        return fates.stream()
                .filter(fate -> fate.is(Answer.Kind.STORED))
                .mapToLong(fate -> fate.answer().orElseThrow().atMillis())
                .sorted()
                .toArray();
    }

    private static Map<String, Long> causes(History history) {
        Map<String, Long> counts = history.fates().stream()
                .flatMap(fate -> fate.answer().stream())
                .filter(answer -> answer.cause() != null)
                .collect(Collectors.groupingBy(answer -> answer.kind() + " " + answer.cause(), Collectors.counting()));
        Map<String, Long> sorted = new LinkedHashMap<>();
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
        return sorted;
    }
}
