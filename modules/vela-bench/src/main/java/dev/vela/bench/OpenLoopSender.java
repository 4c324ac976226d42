package dev.vela.bench;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.apache.pulsar.client.api.Producer;

/**
 * An open loop: a thread that calls {@code sendAsync} at a steady rate, and measures the time from the intended send
 * time of a message to its receipt. If the sender falls behind, the messages that wait for it are late, too, and count
 * as late.
 */
final class OpenLoopSender implements Sender {

    private static final int DIGITS = 3;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final double MICRO = TimeUnit.MICROSECONDS.toNanos(1);

    private final Producer<byte[]> producer;
    private final Scenario.Load load;

    OpenLoopSender(Producer<byte[]> producer, Scenario.Load load) {
        this.producer = producer;
        this.load = load;
    }

    @Override
    public Work send(Duration length) {
        byte[] payload = new byte[load.messageBytes()];
        Histogram nanos = new ConcurrentHistogram(DIGITS);
        Receipts receipts = new Receipts();
        long messages = Math.max(1, length.toMillis() * load.rate() / TimeUnit.SECONDS.toMillis(1));
        long start = System.nanoTime();
        for (long message = 0; message < messages; message++) {
            long intended = start + message * SECOND / load.rate();
            awaitTime(intended);
            producer.sendAsync(payload).whenComplete((id, failure) -> {
                nanos.recordValue(Math.max(0, System.nanoTime() - intended));
                receipts.accept(id, failure);
            });
        }
        return new Work(receipts.await(messages), figures(nanos));
    }

    /*
     * The thread only sleeps: a spin would take a core from the broker. A sleep ends some tens of microseconds late,
     * equally for every subject. Messages that became due meanwhile are then sent at once.
     */
    private static void awaitTime(long time) {
        for (long left = time - System.nanoTime(); left > 0; left = time - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private static Map<Figure, Double> figures(Histogram nanos) {
        Map<Figure, Double> figures = new EnumMap<>(Figure.class);
        figures.put(Figure.P50, nanos.getValueAtPercentile(50) / MICRO);
        figures.put(Figure.P90, nanos.getValueAtPercentile(90) / MICRO);
        figures.put(Figure.P99, nanos.getValueAtPercentile(99) / MICRO);
        figures.put(Figure.P999, nanos.getValueAtPercentile(99.9) / MICRO);
        figures.put(Figure.GREATEST, nanos.getMaxValue() / MICRO);
        return figures;
    }

    @Override
    public void close() {}
}
