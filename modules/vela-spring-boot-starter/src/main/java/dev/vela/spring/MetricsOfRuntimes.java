package dev.vela.spring;

import dev.vela.VelaMetrics;

/** Makes the metrics of each runtime; a bean only where there is a metrics system. Thread-safe. */
@FunctionalInterface
interface MetricsOfRuntimes {
    /** Metrics of one more runtime. */
    VelaMetrics ofOneMore();
}
