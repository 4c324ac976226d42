package dev.vela.internal.lane;

import dev.vela.internal.pulsar.EntryPublisher;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The way into one official producer, and into its successors under the same name.
 *
 * <p>Thread-safe. Any thread may call {@link #offer}; only the control thread may call {@link #attach} and
 * {@link #detach}.
 */
public final class Lane {
    private final String name;
    private final LaneContext context;
    private final Handover handover;
    private final @Nullable Batcher batcher;

    /**
     * Creates a lane without a producer.
     *
     * @param name the producer's name
     */
    public Lane(String name, LaneContext context, LaneListener listener) {
        this.name = name;
        this.context = context;
        this.handover = new Handover(name, context, listener, this::progressed);
        this.batcher = context.batching() == null ? null : new Batcher(name, context.batching(), context, handover);
    }

    private void progressed(boolean mayCallOut) {
        if (batcher == null) {
            return;
        }
        if (mayCallOut) {
            batcher.progressed();
        } else {
            context.scheduler().execute(batcher::progressed);
        }
    }

    public String name() {
        return name;
    }

    // ---- messages

    /**
     * Takes a message, and room for it if it holds none, and hands the message to the producer, at once or in a batch.
     * If the message is not taken, it may hold room here, but nothing else has changed.
     */
    public OfferResult offer(Send send) {
        if (!handover.isLive()) {
            return OfferResult.DOWN;
        }
        return batcher == null ? offerAlone(send) : batcher.offer(send);
    }

    private OfferResult offerAlone(Send send) {
        WaitingQueue queue = context.queue();
        if (queue.isBefore(send)) {
            return OfferResult.FULL;
        }
        SingleEntry entry = new SingleEntry(send); // before it holds anything: there may be no memory
        return send.tryAdmit(context.admission(), queue.isOneOfMany(send)) ? handover.hand(entry) : OfferResult.NO_ROOM;
    }

    /** Sends all partly filled entries now. */
    public void flush() {
        if (batcher != null) {
            batcher.flush();
        }
    }

    // ---- producers

    /**
     * Attaches a producer. It first gets the entries that a dead producer left, if they were kept, and then new
     * entries.
     *
     * @param whenLive run as soon as the producer takes new entries: before this method returns, or on the control
     *     thread
     */
    public void attach(EntryPublisher fresh, Runnable whenLive) {
        handover.attach(fresh, whenLive);
    }

    /** Hands no new entries to the producer. Its receipts still answer the entries that it already has. */
    public void endIntake() {
        flush();
        handover.endIntake();
    }

    /**
     * Detaches a dead producer that will have a successor. Depending on the policy, entries that were handed to it are
     * kept for the successor or answered. All other messages are returned to their queues.
     *
     * @param why the reason that each answer gives
     */
    public void suspend(String why, Throwable cause) {
        if (!context.replays()) {
            detach(why, cause);
            return;
        }
        handover.suspend(cause);
        returnUnsent();
    }

    /**
     * Detaches the producer for good, answers all entries that were handed to it or to a predecessor (they were sent,
     * and no receipt came), and returns all other messages to their queues.
     *
     * @param why the reason that each answer gives
     */
    public void detach(String why, @Nullable Throwable cause) {
        handover.detach(why, cause);
        returnUnsent();
    }

    private void returnUnsent() {
        if (batcher != null) {
            batcher.returnAll();
        }
    }

    /** Notes that other lanes need not wait for entries of which nothing is heard. Call each second. */
    public void tick() {
        handover.leavePaceIfStalled();
    }

    // ---- looking

    /** Whether a producer is attached, connected or not. */
    public boolean isLive() {
        return handover.isLive();
    }

    /** Whether a message would probably be sent now: the producer is connected, and receipts arrive. */
    public boolean isHealthy() {
        return handover.isHealthy();
    }

    /**
     * Whether the client seems to have forgotten an entry: nothing was heard of any entry for the given time, and the
     * oldest entry in flight timed out, or would be replayed.
     */
    public boolean isStuck(Duration limit) {
        return handover.isStuck(limit);
    }

    /** Whether the attached producer is connected. */
    public boolean isConnected() {
        return handover.isConnected();
    }

    /** The broker that the attached producer is connected to; null if it is not connected, or the broker is unknown. */
    public @Nullable String broker() {
        return handover.broker();
    }

    /** Messages handed over whose fate the client has not reported. */
    public int inFlight() {
        return handover.inFlight();
    }

    /**
     * How often open entries have been closed; 0 without batching. Messages that see the same number may share an
     * entry.
     */
    public long timesClosed() {
        return batcher == null ? 0 : batcher.timesClosed();
    }

    /** Room taken for future messages. It counts as pending. */
    public Reserve reserve() {
        return batcher == null ? Reserve.NONE : batcher.reserve();
    }

    /** The time since the acceptance of the oldest message in flight; zero if none is in flight. */
    public Duration oldestInFlight() {
        return handover.oldestInFlight();
    }

    /** The highest acknowledged sequence id; before the first receipt, the id that the broker knew, or -1. */
    public long lastAcknowledged() {
        return handover.lastAcknowledged();
    }

    /** When a producer of this lane last lost its connection, in milliseconds since the epoch; 0 if none did. */
    public long lastDisconnected() {
        return handover.lastDisconnected();
    }
}
