package dev.vela.bench;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.apache.pulsar.client.api.Producer;

/**
 * The time from the moment when a message was meant to be sent to its answer, with {@code sendAsync} at a steady pace.
 * If a sender falls behind, what waits behind it is late, too, and counts as late.
 */
final class PacedMeasurement {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long SPIN_NANOS = TimeUnit.MICROSECONDS.toNanos(100);

    private final int messages;
    private final int rate;

    PacedMeasurement(Duration length, int rate) {
        this.messages = Math.toIntExact(Math.max(1, length.toMillis() * rate / TimeUnit.SECONDS.toMillis(1)));
        this.rate = rate;
    }

    Map<Metric, Double> of(Producer<byte[]> producer, Receipts receipts) throws TimeoutException {
        byte[] payload = new byte[Plan.MESSAGE_BYTES];
        Histogram nanos = new ConcurrentHistogram(Latency.DIGITS);
        Window window = new Window(Integer.MAX_VALUE);
        long start = System.nanoTime();
        for (int message = 0; message < messages; message++) {
            long intended = start + message * SECOND / rate;
            awaitTime(intended);
            window.enter();
            receipts.sent();
            producer.sendAsync(payload).whenComplete((id, failure) -> {
                nanos.recordValue(System.nanoTime() - intended);
                receipts.came(failure);
                window.leave();
            });
        }
        window.awaitEmpty();
        return Latency.of(nanos, Metric.PACED_P50, Metric.PACED_P99);
    }

    /** Sleeps, and spins for the last bit: a sleep ends late by about as much as there is to measure. */
    private static void awaitTime(long time) {
        long left = time - System.nanoTime();
        while (left > 0) {
            if (left > SPIN_NANOS) {
                LockSupport.parkNanos(left - SPIN_NANOS);
            } else {
                Thread.onSpinWait();
            }
            left = time - System.nanoTime();
        }
    }
}
