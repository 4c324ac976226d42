package dev.vela.bench;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Producer;

/** How many messages one thread gets acknowledged with {@code sendAsync}, so many being outstanding at any time. */
final class ThroughputMeasurement {

    private final Duration length;
    private final int outstanding;

    ThroughputMeasurement(Duration length, int outstanding) {
        this.length = length;
        this.outstanding = outstanding;
    }

    Map<Metric, Double> of(Producer<byte[]> producer, Receipts receipts) throws TimeoutException {
        byte[] payload = new byte[Plan.MESSAGE_BYTES];
        Window window = new Window(outstanding);
        BiConsumer<MessageId, Throwable> answered = (id, failure) -> {
            receipts.came(failure);
            window.leave();
        };
        long messages = 0;
        long cpu = Machine.processCpuNanos();
        long start = System.nanoTime();
        while (System.nanoTime() - start < length.toNanos()) {
            window.enter();
            receipts.sent();
            producer.sendAsync(payload).whenComplete(answered);
            messages++;
        }
        window.awaitEmpty();
        double nanos = System.nanoTime() - start;
        double cpuMicros = (Machine.processCpuNanos() - cpu) / (double) TimeUnit.MICROSECONDS.toNanos(1);
        return Map.of(
                Metric.THROUGHPUT,
                messages * TimeUnit.SECONDS.toNanos(1) / nanos,
                Metric.CLIENT_CPU,
                cpuMicros / messages);
    }
}
