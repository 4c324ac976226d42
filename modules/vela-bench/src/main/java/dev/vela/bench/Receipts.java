package dev.vela.bench;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Counts what was sent and what came of it. One thread sends; any may bring receipts. */
final class Receipts {

    private final LongAdder acknowledged = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final AtomicReference<@Nullable Throwable> firstFailure = new AtomicReference<>();
    private long sent;

    void sent() {
        sent++;
    }

    void came(@Nullable Throwable failure) {
        if (failure == null) {
            acknowledged.increment();
        } else {
            failed.increment();
            firstFailure.compareAndSet(null, failure);
        }
    }

    /**
     * Returns the number of messages, once all are answered.
     *
     * @throws IllegalStateException if not each of them was acknowledged, once: then no figure means anything
     */
    long check() {
        if (failed.sum() != 0 || acknowledged.sum() != sent) {
            throw new IllegalStateException(
                    sent + " messages were sent, " + acknowledged.sum() + " acknowledged, " + failed.sum() + " failed",
                    firstFailure.get());
        }
        return sent;
    }
}
