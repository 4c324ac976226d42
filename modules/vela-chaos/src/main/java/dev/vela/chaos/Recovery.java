package dev.vela.chaos;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * How soon after a fault messages were stored again.
 *
 * @param firstStored from the fault's end to the first message stored after it; empty if none was
 * @param fullSpeed from the fault's end to the begin of the first second in which as many were stored as are sent in one
 *     without faults, nine in ten of them; empty if there was none
 */
record Recovery(Optional<Duration> firstStored, Optional<Duration> fullSpeed) {

    private static final int WINDOW_MILLIS = 1_000;
    private static final double FULL = 0.9;

    /**
     * Reads it off the times at which messages were stored.
     *
     * @param stored those times, in milliseconds of the epoch, ascending
     * @param endMillis when the fault ended
     * @param perSecond how many are sent in a second
     */
    static Recovery of(long[] stored, long endMillis, double perSecond) {
        int first = firstAtOrAfter(stored, endMillis);
        if (first == stored.length) {
            return new Recovery(Optional.empty(), Optional.empty());
        }
        return new Recovery(
                Optional.of(Duration.ofMillis(stored[first] - endMillis)),
                fullSpeed(stored, first, endMillis, perSecond));
    }

    private static Optional<Duration> fullSpeed(long[] stored, int first, long endMillis, double perSecond) {
        int wanted = Math.max(1, (int) Math.ceil(perSecond * FULL));
        for (int i = first; i + wanted <= stored.length; i++) {
            if (stored[i + wanted - 1] - stored[i] < WINDOW_MILLIS) {
                return Optional.of(Duration.ofMillis(stored[i] - endMillis));
            }
        }
        return Optional.empty();
    }

    private static int firstAtOrAfter(long[] times, long at) {
        int index = Arrays.binarySearch(times, at);
        if (index < 0) {
            return -index - 1;
        }
        while (index > 0 && times[index - 1] == at) {
            index--;
        }
        return index;
    }
}
