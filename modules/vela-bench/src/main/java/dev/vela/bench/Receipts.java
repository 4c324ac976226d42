package dev.vela.bench;

import dev.vela.SendCallback;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import org.apache.pulsar.client.api.MessageId;
import org.jspecify.annotations.Nullable;

/** Counts the answers to the messages that one thread sends. Any thread may deliver receipts. */
final class Receipts implements BiConsumer<@Nullable MessageId, @Nullable Throwable>, SendCallback {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long LOOK_AGAIN_NANOS = Duration.ofNanos(100_000).toNanos();

    private final LongAdder acknowledged = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final AtomicReference<@Nullable Throwable> firstFailure = new AtomicReference<>();

    @Override
    public void accept(@Nullable MessageId id, @Nullable Throwable failure) {
        if (failure == null) {
            acknowledged.increment();
        } else {
            failed.increment();
            firstFailure.compareAndSet(null, failure);
        }
    }

    @Override
    public void onAnswer(@Nullable MessageId id, @Nullable Throwable failure) {
        accept(id, failure);
    }

    /** Whether a message has failed, so that there is no point in sending more. */
    boolean hasFailure() {
        return firstFailure.get() != null;
    }

    /**
     * Waits until the given number of messages is answered, and returns that number.
     *
     * @throws IllegalStateException if any message was not acknowledged exactly once: the figures are then meaningless
     */
    long await(long sent) {
        long start = System.nanoTime();
        while (acknowledged.sum() + failed.sum() < sent && System.nanoTime() - start < PATIENCE.toNanos()) {
            LockSupport.parkNanos(this, LOOK_AGAIN_NANOS);
        }
        if (acknowledged.sum() != sent || failed.sum() != 0) {
            Throwable failure = firstFailure.get();
            throw new IllegalStateException(
                    sent + " messages were sent, " + acknowledged.sum() + " acknowledged, " + failed.sum() + " failed"
                            + (failure == null ? "" : ": " + failure),
                    failure);
        }
        return sent;
    }
}
