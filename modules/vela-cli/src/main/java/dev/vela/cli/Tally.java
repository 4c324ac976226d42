package dev.vela.cli;

import dev.vela.Outcome;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Counts sent messages and their answers as they happen. Thread-safe. */
final class Tally {

    private static final long MAX_LATENCY_MICROS = TimeUnit.HOURS.toMicros(1);
    private static final int LATENCY_DIGITS = 3;

    private final Histogram latencies = new Histogram(MAX_LATENCY_MICROS, LATENCY_DIGITS);
    private final SortedMap<Integer, Long> partitions = new TreeMap<>();
    private long accepted;
    private long published;
    private long failed;
    private long unknown;
    private long firstSentAt;
    private long lastPublishedAt;
    private long failingSince;
    private boolean failing;
    private @Nullable Failure firstFailure;

    /** A message that failed. */
    record Failure(long line, Throwable cause) {}

    /**
     * The counts at one moment.
     *
     * @param accepted messages given to the producer
     * @param published messages with a receipt
     * @param failed messages that are certainly not stored
     * @param unknown messages sent, without a receipt
     * @param publishing the time from the first send to the last receipt
     */
    record Counts(long accepted, long published, long failed, long unknown, Duration publishing) {

        double messagesPerSecond() {
            return published == 0 ? 0 : published / Math.max(publishing.toNanos() / 1e9, 1e-9);
        }
    }

    /** Counts a message that is about to be sent. */
    synchronized void accepted(long nanoTime) {
        if (accepted == 0) {
            firstSentAt = nanoTime;
            lastPublishedAt = nanoTime;
        }
        accepted++;
    }

    /**
     * Counts a receipt.
     *
     * @param partition the partition of the receipt; negative for a topic without partitions
     */
    synchronized void published(int partition, long sentAt, long nanoTime) {
        published++;
        partitions.merge(partition, 1L, Long::sum);
        latencies.recordValue(Math.min(MAX_LATENCY_MICROS, Math.max(0, (nanoTime - sentAt) / 1_000)));
        lastPublishedAt = nanoTime;
        failing = false;
        signalIfAnswered();
    }

    /** A message failed. */
    synchronized void failed(Outcome outcome, Failure failure, long nanoTime) {
        if (outcome == Outcome.NOT_SENT) {
            failed++;
        } else {
            unknown++;
        }
        if (firstFailure == null || failure.line() < firstFailure.line()) {
            firstFailure = failure;
        }
        if (!failing) {
            failing = true;
            failingSince = nanoTime;
        }
        signalIfAnswered();
    }

    private void signalIfAnswered() {
        if (published + failed + unknown == accepted) {
            notifyAll();
        }
    }

    /** Waits until every accepted message is answered; false if the limit passes first. */
    synchronized boolean awaitAnswers(Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (published + failed + unknown < accepted) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return true;
    }

    /**
     * Returns the time for which messages have been failing without a receipt in between; zero if they are not failing.
     */
    synchronized Duration failingFor(long nanoTime) {
        return failing ? Duration.ofNanos(nanoTime - failingSince) : Duration.ZERO;
    }

    synchronized Counts counts() {
        Duration publishing = Duration.ofNanos(lastPublishedAt - firstSentAt);
        return new Counts(accepted, published, failed, unknown, publishing);
    }

    /** Returns the failure of the first line that failed. */
    synchronized @Nullable Failure firstFailure() {
        return firstFailure;
    }

    /** Returns the number of receipts for each partition that has any. */
    synchronized SortedMap<Integer, Long> partitions() {
        return new TreeMap<>(partitions);
    }

    /** Returns a percentile of the time from send to receipt, in microseconds. */
    synchronized long latencyMicros(double percentile) {
        return latencies.getTotalCount() == 0 ? 0 : latencies.getValueAtPercentile(percentile);
    }
}
