package dev.vela.internal.producer;

import dev.vela.ProducerState;
import dev.vela.Snapshot;
import dev.vela.internal.lane.Lane;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pulsar.client.api.ProducerAccessMode;
import org.jspecify.annotations.Nullable;

/**
 * The place of one producer in its group, which outlives the producers that fill it: its name, its lane, its state.
 *
 * <p>Read by any thread; changed by the control thread alone.
 *
 * <table>
 * <caption>Legal moves</caption>
 * <tr><th>from</th><th>to</th></tr>
 * <tr><td>STARTING</td><td>READY, WAITING, RESTARTING, FENCED, TERMINATED, REFUSED, FAILED, STOPPED</td></tr>
 * <tr><td>READY</td><td>RECONNECTING, RESTARTING, FENCED, TERMINATED, FAILED, STOPPED</td></tr>
 * <tr><td>RECONNECTING</td><td>READY, RESTARTING, FENCED, TERMINATED, FAILED, STOPPED</td></tr>
 * <tr><td>WAITING</td><td>READY, RESTARTING, FENCED, TERMINATED, REFUSED, FAILED, STOPPED</td></tr>
 * <tr><td>RESTARTING</td><td>STARTING, FAILED, STOPPED</td></tr>
 * <tr><td>REFUSED</td><td>STARTING, READY, WAITING, RESTARTING, FENCED, TERMINATED, FAILED, STOPPED</td></tr>
 * <tr><td>FENCED, TERMINATED</td><td>STARTING, FAILED, STOPPED</td></tr>
 * <tr><td>FAILED</td><td>STARTING, STOPPED</td></tr>
 * <tr><td>STOPPED</td><td>STARTING, FAILED</td></tr>
 * </table>
 */
final class ProducerSlot {
    private final String topic;
    private final int index;
    private final Lane lane;
    private final ProducerName producerName;
    private final ExclusiveAccess access; // control thread only
    private volatile ProducerState state = ProducerState.STARTING;
    private volatile @Nullable Throwable lastCause;
    private final AtomicInteger restarts = new AtomicInteger();

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
        return state;
    }

    @Nullable
    Throwable lastCause() {
        return lastCause;
    }

    /** Moves to another state. A cause replaces the last one; none leaves it. */
    void transitionTo(ProducerState next, @Nullable Throwable cause) {
        if (next != state && !isLegal(state, next)) {
            throw new IllegalStateException(lane.name() + " cannot go from " + state + " to " + next);
        }
        if (cause != null) {
            lastCause = cause;
        }
        state = next;
    }

    void restarted() {
        restarts.incrementAndGet();
    }

    static boolean isLegal(ProducerState from, ProducerState to) {
        return switch (from) {
            case STARTING, REFUSED -> to != ProducerState.RECONNECTING;
            case READY ->
                switch (to) {
                    case RECONNECTING, RESTARTING, FENCED, TERMINATED, FAILED, STOPPED -> true;
                    default -> false;
                };
            case RECONNECTING ->
                switch (to) {
                    case READY, RESTARTING, FENCED, TERMINATED, FAILED, STOPPED -> true;
                    default -> false;
                };
            case WAITING -> to != ProducerState.STARTING && to != ProducerState.RECONNECTING;
            case RESTARTING, FENCED, TERMINATED ->
                switch (to) {
                    case STARTING, FAILED, STOPPED -> true;
                    default -> false;
                };
            case FAILED -> to == ProducerState.STARTING || to == ProducerState.STOPPED;
            case STOPPED -> to == ProducerState.STARTING || to == ProducerState.FAILED;
        };
    }

    Snapshot.Producer snapshot() {
        return new Snapshot.Producer(
                lane.name(),
                topic,
                index,
                state,
                Optional.ofNullable(lastCause),
                restarts.get(),
                lane.inFlight(),
                lane.oldestInFlight());
    }
}
