package dev.vela.bench;

import java.util.Arrays;
import java.util.Collection;

/**
 * The median of some figures, and the least and greatest of them.
 *
 * @param median the middle one, or the mean of the two in the middle
 */
record Spread(double median, double least, double greatest) {

    /** The spread of at least one figure. */
    static Spread of(Collection<Double> figures) {
        if (figures.isEmpty()) {
            throw new IllegalArgumentException("figures must not be empty");
        }
        double[] sorted =
                figures.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[sorted.length - 1]);
    }

    /** The spread of figures of which there is at least one. */
    static Spread of(double... figures) {
        return of(Arrays.stream(figures).boxed().toList());
    }
}
