package dev.vela.bench;

import java.util.Arrays;
import java.util.Collection;

/**
 * The median of some figures, with the least and the greatest figure.
 *
 * @param median the middle figure, or the mean of the two middle figures
 */
record Spread(double median, double least, double greatest) {

    /** Returns the spread of at least one figure. */
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

    /** Returns the spread of at least one figure. */
    static Spread of(double... figures) {
        return of(Arrays.stream(figures).boxed().toList());
    }
}
