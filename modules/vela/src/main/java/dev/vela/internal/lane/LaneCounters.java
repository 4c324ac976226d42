package dev.vela.internal.lane;

import java.util.concurrent.atomic.LongAdder;

/** What the lanes of one handle have done. Thread-safe. */
public final class LaneCounters {
    private final LongAdder acknowledged = new LongAdder();
    private final LongAdder acknowledgedBytes = new LongAdder();
    private final LongAdder failed = new LongAdder();

    void acknowledged(int bytes) {
        acknowledged.increment();
        acknowledgedBytes.add(bytes);
    }

    /** Counts a failed message. */
    public void failed() {
        failed.increment();
    }

    public long acknowledgedMessages() {
        return acknowledged.sum();
    }

    public long acknowledgedBytes() {
        return acknowledgedBytes.sum();
    }

    public long failedMessages() {
        return failed.sum();
    }
}
