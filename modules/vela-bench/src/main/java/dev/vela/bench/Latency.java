package dev.vela.bench;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Figures from histograms of nanoseconds. */
final class Latency {

    /** Significant digits of a histogram. */
    static final int DIGITS = 3;

    private static final double MICRO = TimeUnit.MICROSECONDS.toNanos(1);

    private Latency() {}

    static Map<Metric, Double> of(Histogram nanos, Metric p50, Metric p99) {
        return Map.of(p50, nanos.getValueAtPercentile(50) / MICRO, p99, nanos.getValueAtPercentile(99) / MICRO);
    }
}
