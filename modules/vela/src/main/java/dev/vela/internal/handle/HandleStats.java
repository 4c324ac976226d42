package dev.vela.internal.handle;

import dev.vela.internal.lane.LaneCounters;
import java.time.Duration;
import java.util.List;
import java.util.function.ToLongFunction;
import org.apache.pulsar.client.api.ProducerStats;

/** The statistics of a handle at one moment, counted in messages. Immutable. */
@SuppressWarnings("deprecation") // the client's interface is deprecated, and Producer still has it
record HandleStats(double seconds, long acknowledged, long acknowledgedBytes, long failed, long open)
        implements ProducerStats {

    static HandleStats of(Duration since, List<LaneCounters> counters, long open) {
        return new HandleStats(
                since.toNanos() / 1e9,
                sum(counters, LaneCounters::acknowledgedMessages),
                sum(counters, LaneCounters::acknowledgedBytes),
                sum(counters, LaneCounters::failedMessages),
                open);
    }

    private static long sum(List<LaneCounters> counters, ToLongFunction<LaneCounters> value) {
        return counters.stream().mapToLong(value).sum();
    }

    @Override
    public long getNumMsgsSent() {
        return getTotalMsgsSent();
    }

    @Override
    public long getNumBytesSent() {
        return getTotalBytesSent();
    }

    @Override
    public long getNumSendFailed() {
        return failed;
    }

    @Override
    public long getNumAcksReceived() {
        return acknowledged;
    }

    @Override
    public double getSendMsgsRate() {
        return getTotalMsgsSent() / seconds;
    }

    @Override
    public double getSendBytesRate() {
        return acknowledgedBytes / seconds;
    }

    @Override
    public double getSendLatencyMillis50pct() {
        return Double.NaN;
    }

    @Override
    public double getSendLatencyMillis75pct() {
        return Double.NaN;
    }

    @Override
    public double getSendLatencyMillis95pct() {
        return Double.NaN;
    }

    @Override
    public double getSendLatencyMillis99pct() {
        return Double.NaN;
    }

    @Override
    public double getSendLatencyMillis999pct() {
        return Double.NaN;
    }

    @Override
    public double getSendLatencyMillisMax() {
        return Double.NaN;
    }

    @Override
    public long getTotalMsgsSent() {
        return acknowledged + failed;
    }

    @Override
    public long getTotalBytesSent() {
        return acknowledgedBytes;
    }

    @Override
    public long getTotalSendFailed() {
        return failed;
    }

    @Override
    public long getTotalAcksReceived() {
        return acknowledged;
    }

    @Override
    public int getPendingQueueSize() {
        return (int) Math.min(Integer.MAX_VALUE, open);
    }
}
