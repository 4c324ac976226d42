package dev.vela.behaviour;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.apache.pulsar.client.api.MessageId;

/**
 * A thread that sends at a steady pace, waiting for nothing but the send call itself, and what came of it over time.
 * What it could not send in time, since a call blocked, it does not make up for.
 */
final class SteadyLoad implements AutoCloseable {
    private final Function<byte[], CompletableFuture<MessageId>> sender;
    private final byte[] value;
    private final long interval;
    private final long begin = System.nanoTime();
    private final Pulse accepted = new Pulse(begin);
    private final Pulse acknowledged = new Pulse(begin);
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong answered = new AtomicLong();
    private final Thread thread = new Thread(this::send, "steady-load");
    private volatile long calledAt; // 0 while in no call
    private volatile long longestCall;
    private volatile boolean over;

    private SteadyLoad(Function<byte[], CompletableFuture<MessageId>> sender, int perSecond, int bytes) {
        this.sender = sender;
        this.value = new byte[bytes];
        this.interval = perSecond == 0 ? 0 : Duration.ofSeconds(1).toNanos() / perSecond;
    }

    /**
     * Begins.
     *
     * @param sender the call that may block
     * @param perSecond how many messages to send, or 0 for as many as the call lets through
     * @param bytes of each message
     */
    static SteadyLoad on(Function<byte[], CompletableFuture<MessageId>> sender, int perSecond, int bytes) {
        SteadyLoad load = new SteadyLoad(sender, perSecond, bytes);
        load.thread.start();
        return load;
    }

    private void send() {
        long due = System.nanoTime();
        while (!over) {
            for (long now = System.nanoTime(); now < due; now = System.nanoTime()) {
                LockSupport.parkNanos(due - now);
            }
            long before = System.nanoTime();
            calledAt = before;
            CompletableFuture<MessageId> answer = sender.apply(value);
            long after = System.nanoTime();
            calledAt = 0;
            longestCall = Math.max(longestCall, after - before);
            if (!answer.isCompletedExceptionally()) {
                accepted.beat(after);
            }
            sent.incrementAndGet();
            answer.whenComplete(this::answered);
            due = Math.max(due + interval, after);
        }
    }

    private void answered(MessageId id, Throwable failure) {
        if (failure == null) {
            acknowledged.beat(System.nanoTime());
        } else {
            failures.add(failure);
        }
        answered.incrementAndGet();
    }

    /** Waits until so many more messages were sent. */
    void awaitMoreSent(int more, Duration atMost) {
        long target = sent.get() + more;
        await().atMost(atMost).until(() -> sent.get() >= target);
    }

    /** Waits until so many more messages were acknowledged. */
    void awaitMoreAcknowledged(int more, Duration atMost) {
        long target = acknowledged.total() + more;
        await().atMost(atMost).until(() -> acknowledged.total() >= target);
    }

    long sent() {
        return sent.get();
    }

    /** Messages that were accepted, over time. */
    Pulse accepted() {
        return accepted;
    }

    /** Messages that were acknowledged, over time. */
    Pulse acknowledged() {
        return acknowledged;
    }

    /** How long the longest call took, the one that is not over included. */
    Duration longestCall() {
        long called = calledAt;
        return Duration.ofNanos(Math.max(longestCall, called == 0 ? 0 : System.nanoTime() - called));
    }

    /** Ends the load. */
    @Override
    public void close() throws InterruptedException {
        over = true;
        thread.join();
    }

    /** Waits until every message has its answer, and returns the failures. */
    List<Throwable> awaitAnswers(Duration atMost) {
        await().atMost(atMost).until(() -> answered.get() == sent.get());
        return List.copyOf(failures);
    }
}
