package dev.vela.test;

import org.apache.pulsar.client.api.ProducerStats;

/** The statistics of a mock at one moment. Immutable. */
@SuppressWarnings("deprecation") // the client's interface is deprecated, and Producer still has it
record MockStats(double seconds, long stored, long storedBytes, long failed, int pending) implements ProducerStats {
    @Override
    public long getNumMsgsSent() {
        return stored + failed;
    }

    @Override
    public long getNumBytesSent() {
        return storedBytes;
    }

    @Override
    public long getNumSendFailed() {
        return failed;
    }

    @Override
    public long getNumAcksReceived() {
        return stored;
    }

    @Override
    public double getSendMsgsRate() {
        return getNumMsgsSent() / seconds;
    }

    @Override
    public double getSendBytesRate() {
        return storedBytes / seconds;
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
        return getNumMsgsSent();
    }

    @Override
    public long getTotalBytesSent() {
        return storedBytes;
    }

    @Override
    public long getTotalSendFailed() {
        return failed;
    }

    @Override
    public long getTotalAcksReceived() {
        return stored;
    }

    @Override
    public int getPendingQueueSize() {
        return pending;
    }
}
