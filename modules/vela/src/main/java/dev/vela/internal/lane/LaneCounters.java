package dev.vela.internal.lane;

import java.util.concurrent.atomic.LongAdder;

/** Counters of the messages that the lanes of one handle have answered. Thread-safe. */
public final class LaneCounters {
    private final LongAdder acknowledged = new LongAdder();
    private final LongAdder acknowledgedBytes = new LongAdder();
    private final LongAdder failed = new LongAdder();

    /** Counts answered messages with the given bytes in total. */
    void answered(int messages, long bytes, boolean areStored) {
        if (areStored) {
            acknowledged.add(messages);
            acknowledgedBytes.add(bytes);
        } else {
            failed.add(messages);
        }
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
