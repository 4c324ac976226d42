package dev.vela.chaos;

import dev.vela.chaos.FaultKind.Where;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * The schedule of faults, with their times, durations and targets. The same seed, length and faults give the same
 * schedule.
 *
 * @param entries the faults in the order of their start
 */
record Schedule(List<Entry> entries) {
    /*
     * Two tracks run in parallel: the faults of the cluster and its topics, one after another with time to recover in
     * between, and likewise the faults of the application. On each track every fault has its turn before any fault
     * repeats, in an order drawn by the seed.
     */
    private static final long LEAD_MILLIS = 3_000;
    private static final long TAIL_MILLIS = 4_000;
    private static final int SHORTEST_PAUSE_MILLIS = 2_000;
    private static final int LONGEST_PAUSE_MILLIS = 5_000;
    private static final int TARGETS = 1 << 16;

    /**
     * One fault.
     *
     * @param atMillis the start of the fault, from the start of the run
     * @param kind the kind of fault
     * @param durationMillis the duration of the fault
     * @param target a number that selects the partition, bookie and so on, modulo their count
     */
    record Entry(long atMillis, FaultKind kind, long durationMillis, int target) {

        long endMillis() {
            return atMillis + durationMillis;
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%6.1f s  %-20s for %4.1f s  %s (%d)",
                    atMillis / 1e3,
                    kind.label(),
                    durationMillis / 1e3,
                    kind.words(),
                    target);
        }
    }

    Schedule {
        entries = List.copyOf(entries);
    }

    /** Draws a schedule that ends shortly before the end of a run of this length. */
    static Schedule draw(long seed, Duration length, Set<FaultKind> possible) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Entry> entries = new ArrayList<>();
        List<FaultKind> application = new ArrayList<>();
        List<FaultKind> others = new ArrayList<>();
        possible.stream()
                .sorted()
                .forEach(kind -> (kind.where() == Where.APPLICATION ? application : others).add(kind));
        fill(entries, others, length.toMillis() - TAIL_MILLIS, random.split());
        fill(entries, application, length.toMillis() - TAIL_MILLIS, random.split());
        entries.sort(Comparator.comparingLong(Entry::atMillis).thenComparing(Entry::kind));
        return new Schedule(entries);
    }

    /** Returns a schedule of one fault, injected once. */
    static Schedule once(long seed, FaultKind kind) {
        SplittableRandom random = new SplittableRandom(seed);
        return new Schedule(List.of(new Entry(LEAD_MILLIS, kind, duration(kind, random), random.nextInt(TARGETS))));
    }

    private static long duration(FaultKind kind, SplittableRandom random) {
        return between(kind.shortest().toMillis(), kind.longest().toMillis(), random);
    }

    private static void fill(List<Entry> into, List<FaultKind> kinds, long end, SplittableRandom random) {
        Deque<FaultKind> deck = new ArrayDeque<>();
        long at = LEAD_MILLIS;
        int passed = 0;
        while (passed < kinds.size()) {
            if (deck.isEmpty()) {
                deck.addAll(shuffled(kinds, random));
            }
            FaultKind kind = deck.remove();
            long duration = duration(kind, random);
            int target = random.nextInt(TARGETS);
            if (at + duration > end) {
                passed++;
                continue;
            }
            passed = 0;
            into.add(new Entry(at, kind, duration, target));
            at += duration + between(SHORTEST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS, random);
        }
    }

    private static long between(long least, long most, SplittableRandom random) {
        return least + random.nextLong(most - least + 1);
    }

    private static List<FaultKind> shuffled(List<FaultKind> kinds, SplittableRandom random) {
        List<FaultKind> rest = new ArrayList<>(kinds);
        List<FaultKind> drawn = new ArrayList<>();
        while (!rest.isEmpty()) {
            drawn.add(rest.remove(random.nextInt(rest.size())));
        }
        return drawn;
    }
}
