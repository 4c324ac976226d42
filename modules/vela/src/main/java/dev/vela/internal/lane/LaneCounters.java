package dev.vela.internal.lane;

import java.util.concurrent.atomic.LongAdder;
import org.apache.pulsar.client.api.MessageId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the messages that the lanes of one handle have answered, and tells its metrics. Thread-safe. */
public final class LaneCounters {
    private static final Logger log = LoggerFactory.getLogger(LaneCounters.class);

    private final int partition;
    private final @Nullable HandleMetrics metrics;
    private final LongAdder acknowledged = new LongAdder();
    private final LongAdder acknowledgedBytes = new LongAdder();
    private final LongAdder failed = new LongAdder();

    /**
     * Creates counters at zero.
     *
     * @param partition the partition, or -1
     * @param metrics the metrics to tell, or null
     */
    public LaneCounters(int partition, @Nullable HandleMetrics metrics) {
        this.partition = partition;
        this.metrics = metrics;
    }

    /** The time since then, for {@link #answered}; without metrics, which alone want to know it, the clock is not read. */
    long nanosSince(long acceptedAt) {
        return metrics == null ? 0 : metrics.nanosSince(acceptedAt);
    }

    /**
     * Counts answered messages that have one answer.
     *
     * @param bytes their size in total
     * @param nanos the time from the acceptance of the oldest one to its answer
     * @param later where the metrics are told, if this thread may hold locks of the client; null for here
     */
    void answered(
            int messages,
            long bytes,
            long nanos,
            @Nullable MessageId receipt,
            @Nullable Throwable failure,
            @Nullable Completions later) {
        if (failure != null) {
            failed.add(messages);
        } else {
            acknowledged.add(messages);
            acknowledgedBytes.add(bytes);
        }
        HandleMetrics told = metrics;
        if (told == null || messages == 0) {
            return;
        }
        try {
            if (later == null) {
                told.answered(partition, messages, bytes, nanos, receipt, failure);
            } else {
                later.execute(() -> told.answered(partition, messages, bytes, nanos, receipt, failure));
            }
        } catch (Throwable e) { // the stack or the heap is full: the answer matters more
            log.debug("Metrics were not told of an answer", e);
        }
    }

    /** Counts a message that failed before it was accepted. */
    public void refused(Throwable failure) {
        answered(1, 0, 0, null, failure, null);
    }

    /** Notes that a thread waited for room. */
    public void blocked(long nanos) {
        if (metrics != null) {
            metrics.blocked(nanos);
        }
    }

    /** Notes that messages were handed to the successor of a dead producer. */
    void replayed(int messages) {
        if (metrics != null) {
            metrics.replayed(partition, messages);
        }
    }

    public long acknowledgedMessages() {
        return acknowledged.sum();
    }

    public long acknowledgedBytes() {
        return acknowledgedBytes.sum();
    }

    public long failedMessages() {
        return failed.sum();
    }
}
