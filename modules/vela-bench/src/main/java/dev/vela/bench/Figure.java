package dev.vela.bench;

/** The figures that are measured for each subject in each round. */
enum Figure {
    THROUGHPUT("messagesPerSecond", "throughput"),
    CLIENT_CPU("cpuNanosPerMessage", "client CPU"),
    ALLOCATED("allocatedBytesPerMessage", "allocated bytes"),
    P50("latencyP50Micros", "median latency"),
    P90("latencyP90Micros", "latency, p90"),
    P99("latencyP99Micros", "latency, p99"),
    P999("latencyP999Micros", "latency, p99.9"),
    GREATEST("latencyGreatestMicros", "greatest latency"),
    READY("readyMillis", "time to ready"),
    HEAP("heapBytes", "heap"),
    THREADS("threads", "threads"),
    IDLE_CPU("idleCpuPercent", "CPU while idle");

    private final String field;
    private final String title;

    Figure(String field, String title) {
        this.field = field;
        this.title = title;
    }

    /** Returns the name in JSON, with the unit. */
    String field() {
        return field;
    }

    String title() {
        return title;
    }
}
