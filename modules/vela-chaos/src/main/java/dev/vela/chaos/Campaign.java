package dev.vela.chaos;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A sequence of runs with different seeds. Confined to one thread. */
final class Campaign implements AutoCloseable {

    private static final Duration LOOK_AFTER = Duration.ofSeconds(15);

    private final Terrain terrain;
    private final LongFunction<Setup> setups;
    private final Audience audience;
    private final PrintWriter progress;
    private final SitePool pool;

    /**
     * The settings that all runs share.
     *
     * @param length the length of each run
     * @param wanted the faults that may be injected
     * @param standalone whether all of Pulsar is one process
     * @param output the parent of the runs' folders; null for temporary folders, which are deleted after clean runs
     */
    record Terrain(
            Duration length,
            Set<FaultKind> wanted,
            boolean standalone,
            @Nullable Path output) {}

    /**
     * The result of a finished run.
     *
     * @param took the duration of the run, including setup and judging
     * @param kept the folder of its journals and logs; null if the folder was deleted
     */
    record Result(
            Plan plan,
            Findings findings,
            Duration took,
            @Nullable Path kept) {

        boolean isClean() {
            return findings.verdict().isClean();
        }
    }

    /**
     * Creates a campaign without runs.
     *
     * @param setups returns the setup of publishing for a seed
     * @param audience follows the runs
     * @param progress receives lines about the progress
     */
    Campaign(Terrain terrain, LongFunction<Setup> setups, Audience audience, PrintWriter progress) {
        this.terrain = terrain;
        this.setups = setups;
        this.audience = audience;
        this.progress = progress;
        this.pool = new SitePool(transactions -> terrain.standalone()
                ? StandaloneSite.start(this::say, transactions)
                : ClusterSite.start(this::say, transactions));
    }

    /** Runs a seed with all its faults. */
    Result run(long seed) throws IOException, InterruptedException {
        Setup setup = setups.apply(seed);
        return run("seed-" + seed, setup, site -> {
            Set<FaultKind> possible = possible(site);
            possible.removeIf(kind -> !kind.isFor(setup));
            return plan(seed, setup, terrain.length(), Schedule.draw(seed, terrain.length(), possible), selection());
        });
    }

    /** Returns the faults that a run of this seed can have, in order. May have to start a cluster to find out. */
    Set<FaultKind> possible(long seed) throws IOException, InterruptedException {
        Setup setup = setups.apply(seed);
        Set<FaultKind> possible = possible(pool.site(setup.has(Dimension.TRANSACTIONS)));
        possible.removeIf(kind -> !kind.isFor(setup));
        return possible;
    }

    private Set<FaultKind> possible(Site site) {
        Set<FaultKind> possible = EnumSet.copyOf(site.possible());
        possible.retainAll(terrain.wanted());
        return possible;
    }

    /** Runs a seed with a single fault, injected once. The run is longer if the fault takes long. */
    Result runAlone(long seed, FaultKind kind) throws IOException, InterruptedException {
        Schedule schedule = Schedule.once(seed, kind);
        Duration end = Duration.ofMillis(schedule.entries().get(0).endMillis()).plus(LOOK_AFTER);
        Duration length = end.compareTo(terrain.length()) > 0 ? end : terrain.length();
        Setup setup = setups.apply(seed);
        return run(
                "seed-" + seed + "-" + kind.label(),
                setup,
                site -> plan(seed, setup, length, schedule, "--alone --faults " + kind.label()));
    }

    private Result run(String name, Setup setup, Function<Site, Plan> plans) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        Path folder = folder(name);
        boolean clean = false;
        boolean asGoodAsNew = false;
        try {
            Site site = pool.site(setup.has(Dimension.TRANSACTIONS));
            Plan plan = plans.apply(site);
            TextReport.print(plan, progress);
            Topics topics = new Topics(new Admin(site.adminUrls(), site.tokens().lasting()), pool.runs());
            Findings findings = new ChaosRun(plan, site, topics, folder, audience, this::say).run();
            clean = findings.verdict().isClean();
            asGoodAsNew = clean && findings.notDone().isEmpty();
            Path kept = clean && terrain.output() == null ? null : folder;
            return new Result(plan, findings, Duration.ofNanos(System.nanoTime() - begin), kept);
        } finally {
            leave(folder, clean);
            if (!asGoodAsNew) {
                pool.close();
            }
        }
    }

    private Plan plan(long seed, Setup setup, Duration length, Schedule schedule, String selection) {
        return new Plan(seed, length, setup, schedule, terrain.standalone(), selection);
    }

    private String selection() {
        return terrain.wanted().size() == FaultKind.values().length
                ? ""
                : "--faults " + terrain.wanted().stream().map(FaultKind::label).collect(Collectors.joining(","));
    }

    private Path folder(String name) throws IOException {
        Path output = terrain.output();
        return output == null
                ? Files.createTempDirectory("vela-chaos-" + name + "-")
                : Files.createDirectories(output.resolve(name));
    }

    private void leave(Path folder, boolean clean) throws IOException {
        if (clean && terrain.output() == null) {
            delete(folder);
            return;
        }
        if (!clean) {
            pool.keepLogs(folder);
        }
        say("journals and logs are in " + folder);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    private void say(String line) {
        progress.println(line);
        progress.flush();
    }

    /** Ends the cluster. */
    @Override
    public void close() {
        pool.close();
    }
}
