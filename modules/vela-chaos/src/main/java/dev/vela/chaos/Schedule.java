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
 * When which fault happens, for how long, and to whom. The same seed, length and faults give the same schedule.
 *
 * @param entries in the order of their begin
 */
record Schedule(List<Entry> entries) {
    /*
     * Two tracks run beside each other: what is done to the cluster and its topics, one fault after another with time to
     * recover between them, and what the application does. On each, every fault has its turn before one comes again, in
     * an order that the seed draws.
     */
    private static final long LEAD_MILLIS = 3_000;
    private static final long TAIL_MILLIS = 4_000;
    private static final int SHORTEST_PAUSE_MILLIS = 2_000;
    private static final int LONGEST_PAUSE_MILLIS = 5_000;
    private static final int TARGETS = 1 << 16;

    /**
     * One fault.
     *
     * @param atMillis when it begins, from the begin of the run
     * @param kind what it is
     * @param durationMillis when it ends, from its begin
     * @param target a number that says which partition, bookie and so on: modulo how many there are
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

    /** Draws one that ends a little before a run of this length does. */
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

    /** One fault, once. */
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
