package dev.vela.view;

import static dev.vela.view.Reporting.NOON;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands unless a test moves it. Thread-safe. */
final class SetTime extends Clock {
    private final AtomicLong nanos = new AtomicLong();
    private volatile Instant now = NOON;

    /** Moves the clock, and the time that has passed with it. */
    void pass(Duration time) {
        now = now.plus(time);
        nanos.addAndGet(time.toNanos());
    }

    /** Moves the time that has passed alone. */
    void tick(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    long nanoTime() {
        return nanos.get();
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException();
    }
}
