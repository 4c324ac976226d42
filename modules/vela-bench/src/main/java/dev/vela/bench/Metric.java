package dev.vela.bench;

/** What is measured, and what is asked of Vela's figure divided by the official producer's. */
enum Metric {
    THROUGHPUT("throughput", "messages/s", 0.95, Metric.UNBOUNDED),
    CLIENT_CPU("client CPU for a message", "micros", 0, Metric.UNBOUNDED),
    PACED_P50("paced latency, p50", "micros", 0, 1.05),
    PACED_P99("paced latency, p99", "micros", 0, Metric.UNBOUNDED),
    BLOCKING_P50("blocking send, p50", "micros", 0, 1.05),
    BLOCKING_P99("blocking send, p99", "micros", 0, Metric.UNBOUNDED);

    private static final double UNBOUNDED = Double.POSITIVE_INFINITY;

    private final String title;
    private final String unit;
    private final double least;
    private final double most;

    Metric(String title, String unit, double least, double most) {
        this.title = title;
        this.unit = unit;
        this.least = least;
        this.most = most;
    }

    String title() {
        return title;
    }

    String unit() {
        return unit;
    }

    /** What is asked of the ratio; empty if nothing is. */
    String asked() {
        if (least > 0) {
            return ">= " + least;
        }
        return most < UNBOUNDED ? "<= " + most : "";
    }

    boolean isMetBy(double ratio) {
        return ratio >= least && ratio <= most;
    }
}
