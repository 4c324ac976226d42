package dev.vela.bench;

import java.time.Duration;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClientException;

/** How long a blocking {@code send} takes, one after the other. */
final class BlockingMeasurement {

    private final Duration length;

    BlockingMeasurement(Duration length) {
        this.length = length;
    }

    Map<Metric, Double> of(Producer<byte[]> producer, Receipts receipts) throws PulsarClientException {
        byte[] payload = new byte[Plan.MESSAGE_BYTES];
        Histogram nanos = new Histogram(Latency.DIGITS);
        long start = System.nanoTime();
        long before = start;
        while (before - start < length.toNanos()) {
            receipts.sent();
            producer.send(payload);
            receipts.came(null);
            long after = System.nanoTime();
            nanos.recordValue(after - before);
            before = after;
        }
        return Latency.of(nanos, Metric.BLOCKING_P50, Metric.BLOCKING_P99);
    }
}
