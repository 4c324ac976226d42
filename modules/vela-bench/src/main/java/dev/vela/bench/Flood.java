package dev.vela.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.Producer;

/** Threads that call {@code sendAsync} in a loop, as fast as their producers let them. */
final class Flood implements Sender {

    /** How many messages a thread sends between two looks at the clock, which costs as much as a message does. */
    private static final int STRIDE = 64;

    private static final int KEYS = 4_096;

    private final List<Producer<byte[]>> producers;
    private final Scenario.Load load;
    private final ThreadPoolExecutor threads;

    /**
     * Sets the threads up.
     *
     * @param producers that of each thread
     */
    Flood(List<Producer<byte[]>> producers, Scenario.Load load) {
        this.producers = List.copyOf(producers);
        this.load = load;
        this.threads = new ThreadPoolExecutor(
                producers.size(), producers.size(), 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "bench-sender");
                    thread.setDaemon(true);
                    return thread;
                });
        // Their allocations are counted, so they have to be there before and after.
        threads.prestartAllCoreThreads();
    }

    @Override
    public Work send(Duration length) throws Exception {
        long end = System.nanoTime() + length.toNanos();
        List<Future<Long>> senders = new ArrayList<>();
        for (int i = 0; i < producers.size(); i++) {
            Producer<byte[]> producer = producers.get(i);
            int offset = i * KEYS / producers.size();
            senders.add(threads.submit(() -> load.keyed() ? keyed(producer, end, offset) : plain(producer, end)));
        }
        long messages = 0;
        for (Future<Long> sender : senders) {
            try {
                messages += sender.get();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof Exception cause ? cause : e;
            }
        }
        return new Work(messages, Map.of());
    }

    private long plain(Producer<byte[]> producer, long end) {
        byte[] payload = new byte[load.messageBytes()];
        Receipts receipts = new Receipts();
        long sent = 0;
        while (System.nanoTime() - end < 0 && !receipts.hasFailure()) {
            for (int i = 0; i < STRIDE; i++) {
                producer.sendAsync(payload).whenComplete(receipts);
            }
            sent += STRIDE;
        }
        return receipts.await(sent);
    }

    private long keyed(Producer<byte[]> producer, long end, int offset) {
        byte[] payload = new byte[load.messageBytes()];
        String[] keys = new String[KEYS];
        for (int i = 0; i < KEYS; i++) {
            keys[i] = "key-" + i;
        }
        Receipts receipts = new Receipts();
        int key = offset;
        long sent = 0;
        while (System.nanoTime() - end < 0 && !receipts.hasFailure()) {
            for (int i = 0; i < STRIDE; i++) {
                producer.newMessage()
                        .key(keys[key++ % KEYS])
                        .value(payload)
                        .sendAsync()
                        .whenComplete(receipts);
            }
            sent += STRIDE;
        }
        return receipts.await(sent);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
