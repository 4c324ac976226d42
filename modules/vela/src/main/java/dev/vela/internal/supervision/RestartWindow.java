package dev.vela.internal.supervision;

import dev.vela.RestartIntensity;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * The restarts of the last period. Not thread-safe: a supervisor uses it on its control thread.
 *
 * <p>As in OTP, a restart exactly one period old still counts.
 */
final class RestartWindow {

    private final int maxRestarts;
    private final long periodNanos;
    private final Deque<Long> restarts = new ArrayDeque<>(1); // mostly empty, and one for each producer

    RestartWindow(RestartIntensity intensity) {
        maxRestarts = intensity.maxRestarts();
        periodNanos = TimeUnit.NANOSECONDS.convert(intensity.period());
    }

    /**
     * Counts a restart at the given time, which is no earlier than any time before. Returns false if the restart is one
     * too many.
     */
    boolean add(long nanoTime) {
        while (!restarts.isEmpty() && nanoTime - restarts.getFirst() > periodNanos) {
            restarts.removeFirst();
        }
        restarts.addLast(nanoTime);
        return restarts.size() <= maxRestarts;
    }

    /** The number of restarts that counted when the last one was added, including that one. */
    int size() {
        return restarts.size();
    }
}
