package dev.vela.chaos;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * The recovery after a fault: how soon messages were stored again.
 *
 * @param firstStored the time from the fault's end to the first message stored afterwards; empty if none was
 * @param fullSpeed the time from the fault's end to the start of the first second in which nine tenths of the usual
 *     rate were stored; empty if there was no such second
 */
record Recovery(Optional<Duration> firstStored, Optional<Duration> fullSpeed) {

    private static final int WINDOW_MILLIS = 1_000;
    private static final double FULL = 0.9;

    /**
     * Computes the recovery from the times at which messages were stored.
     *
     * @param stored the times, in milliseconds of the epoch, ascending
     * @param endMillis the end of the fault
     * @param perSecond the number of messages sent in a second without faults
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
