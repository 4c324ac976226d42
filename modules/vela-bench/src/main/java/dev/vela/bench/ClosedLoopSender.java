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

/** A closed loop: threads that call {@code sendAsync} in a loop, as fast as their producers allow. */
final class ClosedLoopSender implements Sender {

    /**
     * The number of messages that a thread sends between two readings of the clock: a reading costs as much as a
     * message.
     */
    private static final int STRIDE = 64;

    private final List<SendStyle> ways;
    private final int messageBytes;
    private final ThreadPoolExecutor threads;

    /**
     * Creates a sender and starts its threads.
     *
     * @param ways the way of sending of each thread
     */
    ClosedLoopSender(List<SendStyle> ways, int messageBytes) {
        this.ways = List.copyOf(ways);
        this.messageBytes = messageBytes;
        this.threads = new ThreadPoolExecutor(
                ways.size(), ways.size(), 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "bench-sender");
                    thread.setDaemon(true);
                    return thread;
                });
        // Their allocations are counted, so the threads must exist before and after a round.
        threads.prestartAllCoreThreads();
    }

    @Override
    public Work send(Duration length) throws Exception {
        long end = System.nanoTime() + length.toNanos();
        List<Future<Long>> senders = new ArrayList<>();
        for (SendStyle way : ways) {
            senders.add(threads.submit(() -> send(way, end)));
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

    private long send(SendStyle way, long end) {
        byte[] payload = new byte[messageBytes];
        Receipts receipts = new Receipts();
        long sent = 0;
        while (System.nanoTime() - end < 0 && !receipts.hasFailure()) {
            for (int i = 0; i < STRIDE; i++) {
                way.send(payload, receipts);
            }
            sent += STRIDE;
        }
        way.finish(receipts);
        return receipts.await(sent);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
