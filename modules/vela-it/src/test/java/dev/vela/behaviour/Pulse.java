package dev.vela.behaviour;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.LongStream;

/** How often something happened in each tenth of a second. Thread-safe. */
final class Pulse {
    private static final Duration SLOT = Duration.ofMillis(100);
    private static final int SLOTS_IN_A_SECOND = 10;
    private static final int SLOTS = 10_000;
    private static final int WINDOW = 5;

    private final long begin;
    private final AtomicLongArray counts = new AtomicLongArray(SLOTS);
    private final AtomicLong total = new AtomicLong();

    /** Nothing yet, counted from this moment of {@link System#nanoTime}. */
    Pulse(long begin) {
        this.begin = begin;
    }

    void beat(long nanoTime) {
        counts.incrementAndGet(slot(nanoTime));
        total.incrementAndGet();
    }

    private int slot(long nanoTime) {
        return (int) Math.min(SLOTS - 1, (nanoTime - begin) / SLOT.toNanos());
    }

    long total() {
        return total.get();
    }

    /** How often in a second, between two moments. */
    double perSecond(long from, long to) {
        return (double) sum(slot(from), slot(to)) * SLOTS_IN_A_SECOND / (slot(to) - slot(from));
    }

    private long sum(int from, int to) {
        return LongStream.range(from, to).map(i -> counts.get((int) i)).sum();
    }

    /** The longest time for which less than this happened in a second, seen through a window of half a second. */
    Duration longestBelow(double perSecond, long from, long to) {
        double least = perSecond * WINDOW / SLOTS_IN_A_SECOND;
        int longest = 0;
        int current = 0;
        for (int end = slot(from) + WINDOW; end <= slot(to); end++) {
            current = sum(end - WINDOW, end) < least ? current + 1 : 0;
            longest = Math.max(longest, current);
        }
        return SLOT.multipliedBy(longest);
    }
}
