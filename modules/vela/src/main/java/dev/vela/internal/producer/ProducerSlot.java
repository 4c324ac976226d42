package dev.vela.internal.producer;

import static dev.vela.ProducerState.FAILED;
import static dev.vela.ProducerState.FENCED;
import static dev.vela.ProducerState.READY;
import static dev.vela.ProducerState.RECONNECTING;
import static dev.vela.ProducerState.RESTARTING;
import static dev.vela.ProducerState.STARTING;
import static dev.vela.ProducerState.STOPPED;
import static dev.vela.ProducerState.TERMINATED;

import dev.vela.ProducerState;
import dev.vela.Snapshot;
import dev.vela.internal.lane.Lane;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.jspecify.annotations.Nullable;

/**
 * The place of one producer in its group: its name, its lane, its state. A slot outlives the producers that fill it.
 *
 * <p>Read by any thread; changed by the control thread alone.
 *
 * <pre>
 * STARTING           → READY, WAITING, RESTARTING, FENCED, TERMINATED, REFUSED, FAILED, STOPPED
 * READY              → RECONNECTING, RESTARTING, FENCED, TERMINATED, FAILED, STOPPED
 * RECONNECTING       → READY, RESTARTING, FENCED, TERMINATED, FAILED, STOPPED
 * WAITING            → READY, RESTARTING, FENCED, TERMINATED, REFUSED, FAILED, STOPPED
 * RESTARTING         → STARTING, FAILED, STOPPED
 * REFUSED            → STARTING, READY, WAITING, RESTARTING, FENCED, TERMINATED, FAILED, STOPPED
 * FENCED, TERMINATED → STARTING, FAILED, STOPPED
 * FAILED             → STARTING, STOPPED
 * STOPPED            → STARTING, FAILED
 * </pre>
 */
final class ProducerSlot {
    private final String topic;
    private final int index;
    private final Lane lane;
    private final ProducerName producerName;
    private final ExclusiveAccess access; // control thread only
    private volatile Stay stay = new Stay(ProducerState.STARTING, Instant.now());
    private volatile @Nullable Throwable lastCause;
    private final AtomicInteger restarts = new AtomicInteger();

    /** A state, and when the slot came to it. */
    private record Stay(ProducerState state, Instant since) {}

    ProducerSlot(String topic, int index, Lane lane, ProducerAccessMode accessMode) {
        this.topic = topic;
        this.index = index;
        this.lane = lane;
        this.producerName = new ProducerName(lane.name());
        this.access = new ExclusiveAccess(accessMode);
    }

    int index() {
        return index;
    }

    Lane lane() {
        return lane;
    }

    /** Control thread only. */
    ProducerName producerName() {
        return producerName;
    }

    /** Control thread only. */
    ExclusiveAccess access() {
        return access;
    }

    ProducerState state() {
        return stay.state();
    }

    @Nullable
    Throwable lastCause() {
        return lastCause;
    }

    /** Moves to another state, or stays in the current state. A cause replaces the last cause; null keeps it. */
    void transitionTo(ProducerState next, @Nullable Throwable cause) {
        ProducerState last = state();
        if (next != last && !isLegal(last, next)) {
            throw new IllegalStateException(lane.name() + " cannot move from " + last + " to " + next);
        }
        if (cause != null) {
            lastCause = cause;
        }
        if (next != last) {
            stay = new Stay(next, Instant.now());
        }
    }

    void restarted() {
        restarts.incrementAndGet();
    }

    private static boolean isLegal(ProducerState from, ProducerState to) {
        return switch (from) {
            case STARTING, REFUSED -> to != RECONNECTING;
            case READY -> to == RECONNECTING || to == RESTARTING || to == FENCED || to == TERMINATED || isEnd(to);
            case RECONNECTING -> to == READY || to == RESTARTING || to == FENCED || to == TERMINATED || isEnd(to);
            case WAITING -> to != STARTING && to != RECONNECTING;
            case RESTARTING, FENCED, TERMINATED -> to == STARTING || isEnd(to);
            case FAILED -> to == STARTING || to == STOPPED;
            case STOPPED -> to == STARTING || to == FAILED;
        };
    }

    private static boolean isEnd(ProducerState state) {
        return state == FAILED || state == STOPPED;
    }

    Snapshot.Producer snapshot() {
        Stay now = stay;
        return new Snapshot.Producer(
                lane.name(),
                topic,
                index,
                now.state(),
                now.since(),
                Optional.ofNullable(lastCause),
                restarts.get(),
                lane.inFlight(),
                lane.oldestInFlight(),
                Optional.ofNullable(lane.broker()));
    }
}
